const FACTORS: ReadonlyMap<string, number> = new Map(
  ['', 'k', 'm', 'g', 't', 'p'].flatMap((letter, power) =>
    letter === ''
      ? [
          ['', 1],
          ['b', 1],
        ]
      : [
          [letter, 1024 ** power],
          [`${letter}ib`, 1024 ** power],
          [`${letter}b`, 1000 ** power],
        ],
  ),
);

/**
 * Reads a size such as `20G`, `1.5 TiB` or `5000000000`: K, M, G, T and P count in 1024, as with iB,
 * but in 1000 with a B. Capitals do not matter.
 *
 * @returns whole bytes, at least 1 and at most 2^53 − 1; null for anything else
 */
export function parseSize(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?) ?([a-z]*)$/i.exec(text);
  const factor = FACTORS.get((match?.[2] ?? '').toLowerCase());
  if (match === null || factor === undefined) return null;
  const bytes = Math.floor(Number(match[1]) * factor);
  return bytes >= 1 && Number.isSafeInteger(bytes) ? bytes : null;
}
