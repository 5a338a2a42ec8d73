/** What was drawn in a time. */
export interface Drawn {
  readonly framesPerSecond: number;
  /** The longest time in which nothing was drawn, in milliseconds. */
  readonly longestGap: number;
}

/**
 * @param times when each picture was done, in milliseconds, in order
 * @param begin of the time that is looked at; its end lies later
 */
export function drawnBetween(times: readonly number[], begin: number, end: number): Drawn {
  const within = times.filter((time) => time >= begin && time <= end);
  const moments = [begin, ...within, end];
  const gaps = moments.slice(1).map((moment, index) => moment - (moments[index] ?? moment));
  return {
    framesPerSecond: (1000 * within.length) / (end - begin),
    longestGap: Math.max(...gaps),
  };
}
