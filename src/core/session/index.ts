export type { ActivityReport } from './activity.js';
export type { GuestPointer } from './guest-pointer.js';
export { hostCapacity, shortageOf } from './host-capacity.js';
export { inspectMachine, type MachineInfo } from './inspect-machine.js';
export { logPackage } from './log-package.js';
export { startSession, type SessionOptions } from './machine-session.js';
export { mountPackage } from './mount-package.js';
export { readReach } from './reach.js';
export { findPackage, type FoundPackage } from './read-machine.js';
export type { Session } from './session.js';
export { failureOf } from './session-state.js';
export type {
  CachingState,
  Circumstances,
  Ending,
  Failed,
  GuestNetwork,
  Loaded,
  Running,
  SessionState,
  StartStep,
} from './session-state.js';
export { readWorkingSet, writeWorkingSet, type WorkingSet } from './working-set.js';
