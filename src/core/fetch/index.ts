export type {
  Access,
  CookieRecord,
  LoginHandler,
  LoginRequest,
  SiteCredentials,
} from './access.js';
export { FetchCounters } from './fetch-counters.js';
export { openSource, type OpenOptions } from './open-source.js';
export type { OpenedSource, Validators } from './opened-source.js';
export { resolveLocation, type ResolvedPackage } from './resolve-location.js';
export { DEFAULT_TIMEOUTS, type HttpTimeouts } from './timeouts.js';
