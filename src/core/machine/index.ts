export { describeMachine, type MachineDescription } from './describe.js';
export { executedType, generateCpu } from './executed.js';
export { generateDomain, type Placement } from './generate.js';
export type {
  Controller,
  Cpu,
  CpuFeature,
  CpuModel,
  CpuTopology,
  Disk,
  DiskFormat,
  DiskPlace,
  DriveAddress,
  Hub,
  Input,
  Interface,
  LifecycleAction,
  Machine,
  Memballoon,
  NumaCell,
  PciAddress,
  PciBridge,
  Rng,
  Sound,
  UsbAddress,
  Video,
} from './machine.js';
export { parseDomain } from './parse-domain.js';
export { parseSavedDomain, type SavedDomain } from './parse-saved-domain.js';
export {
  readDomainForPublishing,
  type PublishableDomain,
} from './publishing/read-for-publishing.js';
export { writePackagedDomain, writeSavedDomain } from './publishing/write-strict-form.js';
export { reduceMachine, type Capacity } from './reduce.js';
