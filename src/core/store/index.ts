export type { Verdict } from './check-image.js';
export { ChunkStore } from './chunk-store.js';
export type { LimitReport, Removal } from './eviction.js';
export { FileLock } from './file-lock.js';
export type { ImageDescription } from './image-description.js';
export type { KeptImage } from './kept-image.js';
export { openScratchFile, SCRATCH_PREFIX } from './scratch-file.js';
export { effectiveLimit, storeOptions, type StoreOptions } from './store-options.js';
export type { StoredImage } from './stored-image.js';
