export { chooseAccelerator, isAcceleratorWish } from './choose.js';
export type { Accelerator, AcceleratorWish } from './choose.js';
