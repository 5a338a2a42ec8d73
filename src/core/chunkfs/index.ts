export type { ImageStatistics } from './addon.js';
export { CHUNK_STATE, type ChunkOfImage, type Touch } from './chunk.js';
export type { ImageMount } from './image-mount.js';
export {
  mountImages,
  type ImageRecord,
  type ImageToMount,
  type MissingChunk,
  type MountRequest,
  type StoreFailure,
} from './mount-images.js';
