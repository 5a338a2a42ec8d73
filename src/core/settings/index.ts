export {
  readCacheLimit,
  writeCacheLimit,
  type CacheLimit,
  type LimitSource,
} from './cache-limit.js';
export { parseSize } from './size.js';
