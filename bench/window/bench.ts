import type { Results } from '../results.js';
import type { WindowPlan } from './plan.js';

export interface WindowBench {
  readonly plan: WindowPlan;
  readonly results: Results;
  /** A folder of the benchmark's own. */
  readonly scratch: string;
  readonly signal: AbortSignal;
}
