/** From `begin` to before `end`. */
export interface Interval {
  readonly begin: number;
  readonly end: number;
}

/** A set of whole numbers, as the intervals that make it up. Few of them: all are looked at. */
export class Intervals {
  /** In order, none of them empty. */
  #intervals: readonly Interval[];

  constructor(whole: Interval) {
    this.#intervals = [whole];
  }

  get isEmpty(): boolean {
    return this.#intervals.length === 0;
  }

  /** How many numbers there are. */
  get size(): number {
    return this.#intervals.reduce((sum, { begin, end }) => sum + end - begin, 0);
  }

  get last(): Interval | null {
    return this.#intervals.at(-1) ?? null;
  }

  /** The first of the intervals that have something of `range`, as a whole. */
  firstIn(range: Interval): Interval | null {
    return this.#intervals.find((interval) => overlap(interval, range)) ?? null;
  }

  remove(range: Interval): void {
    if (this.firstIn(range) === null) return;
    this.#intervals = this.#intervals.flatMap(({ begin, end }) =>
      [
        { begin, end: Math.min(end, range.begin) },
        { begin: Math.max(begin, range.end), end },
      ].filter((rest) => rest.begin < rest.end),
    );
  }
}

export function overlap(one: Interval, other: Interval): boolean {
  return one.begin < other.end && other.begin < one.end;
}
