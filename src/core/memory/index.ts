export { decompress, type Decompression } from './decompress.js';
export { parseMemoryHeader, type Compression, type MemoryHeader } from './header.js';
export { maxStateBytes, MEMORY_HEAD_BYTES } from './limits.js';
export { readSavedMemory, type SavedMemory } from './saved-memory.js';
export { completeState } from './state-end.js';
export { checkedState, parseStateHead, type ExpectedState, type StateHead } from './state.js';
export { formatMemoryHeader } from './write-header.js';
