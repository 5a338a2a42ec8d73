import type { ImageMount, ImageStatistics } from '../chunkfs/index.js';
import type { FetchCounters } from '../fetch/index.js';
import type { PagerStatistics } from '../paging/index.js';
import { toPlainState, type PlainNetworkState } from './network-state.js';
import type { PaceSample } from './pace-history.js';

/** Numbers of one image, and what became of its chunks. */
export interface ImageReport extends ImageStatistics {
  readonly sizeBytes: number;
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
  /** It tells of everything: what was told before is of no account. */
  readonly anew: boolean;
  readonly images: readonly ImageReport[];
  readonly network: PlainNetworkState;
  /** The seconds that passed since the last report, the oldest first. */
  readonly pace: readonly PaceSample[];
}

/** What a report is made from. */
export interface Reported {
  readonly mount: ImageMount;
  /** The size of each image, in bytes. */
  readonly sizes: ReadonlyMap<string, number>;
  readonly fetching: PagerStatistics;
  readonly counters: FetchCounters;
  readonly pace: readonly PaceSample[];
}

/** The numbers now; what changed since the last call, or the beginning, is in it once. */
export function makeReport(
  { mount, sizes, fetching, counters, pace }: Reported,
  anew: boolean,
): StatisticsReport {
  const images = mount.statistics().map((numbers) => ({
    ...numbers,
    sizeBytes: sizes.get(numbers.image) ?? 0,
    changes: mount.takeChanges(numbers.image, anew),
  }));
  const { chunksFetched, retries } = fetching;
  const { requests, bytesReceived, bytesSent } = counters;
  const network = toPlainState(fetching.network);
  const cost = { chunksFetched, requests, retries, bytesReceived, bytesSent };
  return { anew, images, ...cost, network, pace };
}
