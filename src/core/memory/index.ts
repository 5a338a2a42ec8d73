export { decompress, type Decompression } from './decompress.js';
export { isSlow, keepState, type SlowCompression, type StateToKeep } from './keep-state.js';
export { parseMemoryHeader, type Compression, type MemoryHeader } from './header.js';
export { maxStateBytes, MEMORY_HEAD_BYTES } from './limits.js';
export { readSavedMemory, type SavedMemory } from './saved-memory.js';
export { checkedState, parseStateHead, type ExpectedState, type StateHead } from './state.js';
