export type { Clock } from './clock.js';
export type { NetworkState } from './network-state.js';
export type { PagedMount } from './paged-mount.js';
export type { RoundTrips } from './link.js';
export { Pager, type PagerListener, type PagerOptions, type PagerStatistics } from './pager.js';
