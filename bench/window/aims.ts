import { OURS, type Result } from '../results.js';
import { LATENCY, PLAIN } from './latency.js';
import { OF_CONNECTIONS, OF_UPDATES } from './memory.js';
import type { WindowPlan } from './plan.js';
import { LOADED, REDRAWS } from './redraws.js';

/** What somebody still takes for smooth, on a display that shows 60 pictures a second. */
const LEAST_FRAMES_PER_SECOND = 50;
/** Besides what the plain viewer needs: more than one picture of such a display. */
const MOST_MILLISECONDS_MORE = 20;

/** What a row should be, and whether it is. */
export interface Aim {
  readonly metric: string;
  /** Null: whatever it is. */
  readonly setting: string | null;
  readonly words: string;
  readonly holds: boolean;
}

/** A row that is missing is not as it should be. */
export function aimsOf(results: readonly Result[], { mostMebibytes }: WindowPlan): readonly Aim[] {
  const median = (metric: string, setting: string | null = null, subject = OURS): number =>
    results.find(
      (result) =>
        result.metric === metric &&
        result.subject === subject &&
        (setting === null || result.setting === setting),
    )?.median ?? NaN;
  const stays = (metric: string, most: number): Aim => ({
    metric,
    setting: null,
    words: `at most ${most}`,
    holds: median(metric) <= most,
  });
  return [
    {
      metric: REDRAWS,
      setting: LOADED,
      words: `at least ${LEAST_FRAMES_PER_SECOND}`,
      holds: median(REDRAWS, LOADED) >= LEAST_FRAMES_PER_SECOND,
    },
    {
      metric: LATENCY,
      setting: null,
      words: `at most ${MOST_MILLISECONDS_MORE} more than ${PLAIN}`,
      holds: median(LATENCY) - median(LATENCY, null, PLAIN) <= MOST_MILLISECONDS_MORE,
    },
    stays(OF_UPDATES, mostMebibytes.ofUpdates),
    stays(OF_CONNECTIONS, mostMebibytes.ofConnections),
  ];
}
