export { chooseAccelerator, isAcceleratorWish } from './choose.js';
export type { Accelerator, AcceleratorChoice, AcceleratorWish, EmulationReason } from './choose.js';
export { probeKvm, type KvmObstacle, type KvmProbe } from './probe.js';
