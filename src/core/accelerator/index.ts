export { chooseAccelerator, isAcceleratorWish } from './choose.js';
export type { Accelerator, AcceleratorWish } from './choose.js';
export { probeKvm, type KvmObstacle, type KvmProbe } from './probe.js';
