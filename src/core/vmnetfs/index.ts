export { Vmnetfs, type VmnetfsListener } from './client.js';
export type { ChunkName, ImageRequest, MountRequest, Touch } from './protocol.js';
export { PACE_SECONDS, type PaceSample } from './pace-history.js';
export { removeMount } from './remove-mount.js';
export { OWNER_FILE, removeMountFolder } from './remove-mount-folder.js';
export type { ImageReport, StatisticsReport } from './statistics-report.js';
