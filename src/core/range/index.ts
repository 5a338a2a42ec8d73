export type { RangeSource } from './range-source.js';
