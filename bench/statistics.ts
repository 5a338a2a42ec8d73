/** What the runs of one measurement gave. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  /** How many values there were; at least 1. */
  readonly runs: number;
}

/** @throws RangeError without values */
export function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle];
  const [min] = sorted;
  const max = sorted.at(-1);
  if (upper === undefined || min === undefined || max === undefined) {
    throw new RangeError('There are no values');
  }
  const lower = sorted.length % 2 === 0 ? (sorted[middle - 1] ?? upper) : upper;
  return { median: (lower + upper) / 2, min, max, runs: sorted.length };
}
