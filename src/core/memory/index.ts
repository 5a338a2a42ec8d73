export { decompress, type Decompression } from './decompress.js';
export { StateFile } from './state-file.js';
export { parseMemoryHeader, type Compression, type MemoryHeader } from './header.js';
export { MAX_TOOL_BYTES, maxStateBytes, MEMORY_HEAD_BYTES } from './limits.js';
export { readSavedMemory, type SavedMemory } from './saved-memory.js';
export { checkedState, parseStateHead, type StateHead } from './state.js';
export { DECOMPRESSORS } from './tools.js';
