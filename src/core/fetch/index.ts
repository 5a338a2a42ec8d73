export {
  FULL_REACH,
  newAccess,
  type Access,
  type CookieRecord,
  type LoginHandler,
  type LoginRequest,
  type Reach,
  type SiteCredentials,
} from './access.js';
export { SYSTEM_ADDRESSING, type Addressing } from './addressing.js';
export { FetchCounters } from './fetch-counters.js';
export { openSource, type OpenOptions } from './open-source.js';
export type { OpenedSource, Validators } from './opened-source.js';
export { resolveLocation, type ResolvedPackage } from './resolve-location.js';
export { DEFAULT_TIMEOUTS, type HttpTimeouts } from './timeouts.js';
