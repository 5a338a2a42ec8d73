import { fail } from '../../../src/core/errors/index.js';
import { bytesTarget } from '../bytes-target.js';
import type { UseTarget } from './index.js';

/** Bytes that a changed input has only now and then. */
const TRIGGER = Buffer.from('needle');

/** A parser that refuses most inputs as it should, and does something else with a few. */
function planted(fault: () => void): (use: UseTarget) => Promise<void> {
  const target = bytesTarget({
    valid: ['hay', 'a stack of hay'],
    words: ['straw', TRIGGER],
    parse: (input) => {
      if (input.includes(TRIGGER)) fault();
      throw fail('image-malformed', { reason: 'it is hay' });
    },
  });
  return (use) => use(target);
}

function burn(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

function hoard(): void {
  for (const heap: object[] = []; ;) heap.push({ hay: heap.length });
}

/** Parsers with the faults that fuzzing has to find. */
export const plantedTargets = {
  'no fault': planted(() => undefined),
  'a TypeError': planted(() => {
    throw new TypeError('nothing is not a function');
  }),
  'a hang': planted(() => {
    burn(Infinity);
  }),
  'a slow input': planted(() => {
    burn(4000);
  }),
  'a large buffer': planted(() => Buffer.alloc(2 ** 30, 1).length),
  'a heap that grows': planted(hoard),
  'a crash': planted(() => {
    process.abort();
  }),
} as const;
