export type { ByteReceiver, RangeSource, StreamingSource } from './range-source.js';
