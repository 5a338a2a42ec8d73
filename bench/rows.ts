import type { Job, Outcome } from './fio.js';
import type { Unit } from './results.js';

const KIBIBYTE = 1024;

/** What one kind of measurement does, whatever the circumstances. */
interface Row {
  readonly metric: string;
  readonly unit: Unit;
  readonly kind: Job['kind'];
  readonly blockBytes: number;
  readonly depth: number;
}

/** Read for the first time in a subject's life, by way of the page cache, as QEMU reads. */
export type ColdRow = Row;

/**
 * What is in the page cache when a run begins: nothing; the image where the subject has it, as is
 * needed to measure the subject and not the disk (O_DIRECT); or all of it (buffered).
 */
export type Warmth = 'page cache dropped' | 'page cache filled';

/** Read or written when the subject has the whole image. */
export interface WarmRow extends Row {
  readonly direct: boolean;
  readonly warmth: Warmth;
}

const sequential = { kind: 'read', blockBytes: 128 * KIBIBYTE, depth: 1, unit: 'MB/s' } as const;
const random = { kind: 'randread', blockBytes: 4 * KIBIBYTE } as const;
const operations = { unit: 'operations/s' } as const;

export const coldRows: readonly ColdRow[] = [
  { ...sequential, metric: 'cold sequential read' },
  {
    ...random,
    metric: 'cold random 4 KiB read QD1',
    unit: 'ms',
    depth: 1,
  },
  { ...random, ...operations, metric: 'cold random 4 KiB read QD8', depth: 8 },
];

function warmRandom(
  blockBytes: number,
  depth: number,
  direct: boolean,
  warmth: Warmth,
  kind: 'randread' | 'randwrite' = 'randread',
): WarmRow {
  const what = kind === 'randread' ? 'warm random' : 'random';
  const word = kind === 'randread' ? 'read' : 'write';
  const mode = direct ? 'O_DIRECT' : 'buffered';
  const metric = `${what} ${blockBytes / KIBIBYTE} KiB ${word} QD${depth}, ${mode}`;
  return { ...operations, metric, kind, blockBytes, depth, direct, warmth };
}

const warmSequential = { ...sequential, metric: 'warm sequential read, buffered', direct: false };

export const warmRows: readonly WarmRow[] = [
  { ...warmSequential, warmth: 'page cache dropped' },
  { ...warmSequential, warmth: 'page cache filled' },
  ...[1, 8].map((depth) => warmRandom(4 * KIBIBYTE, depth, false, 'page cache dropped')),
  ...[1, 8].map((depth) => warmRandom(4 * KIBIBYTE, depth, false, 'page cache filled')),
  ...[1, 8].map((depth) => warmRandom(4 * KIBIBYTE, depth, true, 'page cache filled')),
  ...[1, 8].map((depth) => warmRandom(128 * KIBIBYTE, depth, true, 'page cache filled')),
  ...[1, 8].map((depth) => warmRandom(4 * KIBIBYTE, depth, true, 'page cache filled', 'randwrite')),
];

/** Of an outcome, what the row is about. */
export function valueOf(unit: Unit, outcome: Outcome): number {
  switch (unit) {
    case 'ms':
      return outcome.milliseconds;
    case 'MB/s':
      return outcome.bytesPerSecond / 1e6;
    case 'operations/s':
      return outcome.operationsPerSecond;
    case 'MiB':
    case 'bytes/byte':
    case 'frames/s':
      throw new RangeError(`fio does not measure ${unit}`);
  }
}
