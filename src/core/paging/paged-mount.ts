import type { ImageMount } from '../chunkfs/index.js';

/** What the pager needs of a mount: where fetched bytes go, and what is there already. */
export type PagedMount = Pick<
  ImageMount,
  'deliver' | 'failChunk' | 'isPresent' | 'claim' | 'release' | 'wake' | 'mark'
>;
