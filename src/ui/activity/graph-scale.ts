/** One, two or five times a power of ten: the least that is not below any value. */
export function graphTop(values: readonly (number | null)[], least: number): number {
  const highest = Math.max(least, ...values.map((value) => value ?? 0));
  const power = 10 ** Math.floor(Math.log10(highest));
  const step = [1, 2, 5, 10].find((factor) => factor * power >= highest) ?? 10;
  return step * power;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/**
 * Where values lie on a graph of this size, one point a second, the newest at the right edge. A value
 * that is not known ends a line.
 */
export function linesOf(
  values: readonly (number | null)[],
  seconds: number,
  top: number,
  { width, height }: { readonly width: number; readonly height: number },
): readonly (readonly Point[])[] {
  const lines: Point[][] = [[]];
  values.forEach((value, at) => {
    if (value === null) {
      lines.push([]);
      return;
    }
    const x = width * (1 - (values.length - 1 - at) / (seconds - 1));
    lines.at(-1)?.push({ x, y: height * (1 - value / top) });
  });
  return lines.filter((line) => line.length > 0);
}
