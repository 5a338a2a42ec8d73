export { openConnection, type OpenOptions } from './open-connection.js';
export type { Connection, CreateOptions, Emulation } from './connection.js';
export type { BlockStatistics, Domain, Screenshot } from './domain.js';
export type {
  ClosedEvent,
  ConnectionEvent,
  DomainIdentity,
  IoErrorEvent,
  LifecycleEvent,
  RebootEvent,
} from './events.js';
export type {
  CloseReason,
  CpuComparison,
  DomainState,
  IoErrorAction,
  LifecycleDetail,
  LifecycleName,
  StateName,
  StateReason,
} from './names.js';
export { isLibvirtError, libvirtCode, LibvirtError, QemuMonitorError } from './libvirt-error.js';
