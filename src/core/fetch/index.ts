export { openSource, type OpenOptions } from './open-source.js';
export type { OpenedSource, Validators } from './opened-source.js';
export { resolveLocation, type ResolvedPackage } from './resolve-location.js';
export { DEFAULT_TIMEOUTS, type HttpTimeouts } from './http-client.js';
