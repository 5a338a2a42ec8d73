export type { ImageStatistics } from './addon.js';
export {
  mountImages,
  type ImageToMount,
  type MissingChunk,
  type MountRequest,
} from './mount-images.js';
export type { ImageMount } from './image-mount.js';
