export { Vmnetfs, type VmnetfsListener } from './client.js';
export type { ImageRequest, MountRequest } from './protocol.js';
