import type { ImageMount, ImageStatistics } from '../chunkfs/index.js';
import type { FetchCounters } from '../fetch/index.js';
import type { PagerStatistics } from '../paging/index.js';
import { toPlainState, type PlainNetworkState } from './network-state.js';

/** Numbers of one image, and what became of its chunks. */
export interface ImageReport extends ImageStatistics {
  /** Runs of chunks whose state changed since the last report: see `ImageMount.takeChanges`. */
  readonly changes: Uint32Array;
}

/** Numbers of what goes over the network. */
export interface FetchingCost {
  readonly chunksFetched: number;
  readonly requests: number;
  readonly retries: number;
  /** On the wire, in bytes, with all that surrounds the chunks. */
  readonly bytesReceived: number;
  readonly bytesSent: number;
}

export interface StatisticsReport extends FetchingCost {
  readonly images: readonly ImageReport[];
  readonly network: PlainNetworkState;
}

/** The numbers now; what changed since the last call is in it once. */
export function makeReport(
  mount: ImageMount,
  { chunksFetched, retries, network }: PagerStatistics,
  { requests, bytesReceived, bytesSent }: FetchCounters,
): StatisticsReport {
  const images = mount.statistics().map((numbers) => ({
    ...numbers,
    changes: mount.takeChanges(numbers.image),
  }));
  const state = toPlainState(network);
  return { images, chunksFetched, requests, retries, bytesReceived, bytesSent, network: state };
}
