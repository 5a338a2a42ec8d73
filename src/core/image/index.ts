export { inspectDisk, type DiskImage } from './disk.js';
export { CHUNK_BYTES, flatLayout, type ByteRange, type FlatLayout } from './flat-layout.js';
export { parseQcow2, QCOW2_HEAD_BYTES } from './qcow2.js';
