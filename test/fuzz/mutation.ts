import * as fc from 'fast-check';

/** Places are shares of an input's length, in 1/2^32, so that they fit every input. */
const WHOLE = 2 ** 32;
const MAX_MUTATIONS = 6;
/** What grows is cut off here, in bytes: no limit of a parser lies beyond. */
const MAX_INPUT_BYTES = 2 ** 17;
const MAX_REPEATS = 2000;

/** Numbers at the edges of what 8 to 64 bits hold. */
const EDGES: readonly bigint[] = [0n, 7n, 8n, 15n, 16n, 31n, 32n, 53n, 63n, 64n].flatMap((bits) => [
  (1n << bits) - 2n,
  (1n << bits) - 1n,
  1n << bits,
  (1n << bits) + 1n,
]);

interface Change {
  readonly at: number;
  readonly length: number;
  readonly how:
    | { readonly kind: 'flip'; readonly bit: number }
    | { readonly kind: 'byte'; readonly value: number }
    | { readonly kind: 'number'; readonly width: 1 | 2 | 4 | 8; readonly value: bigint; readonly big: boolean } // prettier-ignore
    | { readonly kind: 'insert'; readonly bytes: Buffer }
    | { readonly kind: 'splice'; readonly other: Buffer; readonly from: number }
    | { readonly kind: 'repeat'; readonly times: number }
    | { readonly kind: 'remove' | 'truncate' };
}

/**
 * Inputs that differ from valid ones by a few changes: flipped bits, bytes, numbers at their edges,
 * words of the format, pieces of other inputs, removed, repeated and cut off.
 *
 * @param valid what a parser accepts
 * @param words pieces that mean something in the format
 */
export function mutated(
  valid: readonly Buffer[],
  words: readonly (Buffer | string)[],
): fc.Arbitrary<Buffer> {
  const seeds = fc.constantFrom(...valid);
  const place = fc.integer({ min: 0, max: WHOLE - 1 });
  // Small pieces are more often what matters.
  const length = fc.oneof(fc.integer({ min: 0, max: WHOLE / 256 }), place);
  // Long inputs cost time, and say little that short ones do not.
  const times = fc.oneof(
    { weight: 20, arbitrary: fc.integer({ min: 1, max: 4 }) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: MAX_REPEATS }) },
  );
  const how: fc.Arbitrary<Change['how']> = fc.oneof(
    fc.record({ kind: fc.constant('flip'), bit: fc.integer({ min: 0, max: 7 }) }),
    fc.record({ kind: fc.constant('byte'), value: fc.integer({ min: 0, max: 255 }) }),
    fc.record({
      kind: fc.constant('number'),
      width: fc.constantFrom(1, 2, 4, 8),
      value: fc.constantFrom(...EDGES),
      big: fc.boolean(),
    }),
    fc.record({
      kind: fc.constant('insert'),
      bytes: fc.constantFrom(...words.map((word) => Buffer.from(word))),
    }),
    fc.record({ kind: fc.constant('splice'), other: seeds, from: place }),
    fc.record({ kind: fc.constant('repeat'), times }),
    fc.record({ kind: fc.constantFrom('remove', 'truncate') }),
  );
  const changes = fc.array(fc.record({ at: place, length, how }), { maxLength: MAX_MUTATIONS });
  return fc
    .tuple(seeds, changes)
    .map(([seed, all]) => all.reduce(applyChange, Buffer.from(seed)).subarray(0, MAX_INPUT_BYTES));
}

function applyChange(input: Buffer, { at: place, length: share, how }: Change): Buffer {
  const at = Math.floor((place / WHOLE) * input.length);
  const end = at + Math.floor((share / WHOLE) * (input.length - at));
  const before = input.subarray(0, at);
  switch (how.kind) {
    case 'flip':
      if (at < input.length) input.writeUInt8((input[at] ?? 0) ^ (1 << how.bit), at);
      return input;
    case 'byte':
      if (at < input.length) input.writeUInt8(how.value, at);
      return input;
    case 'number':
      if (at + how.width <= input.length) numberBytes(how).copy(input, at);
      return input;
    case 'insert':
      return Buffer.concat([before, how.bytes, input.subarray(end)]);
    case 'splice': {
      const from = Math.floor((how.from / WHOLE) * how.other.length);
      return Buffer.concat([
        before,
        how.other.subarray(from, from + end - at),
        input.subarray(end),
      ]);
    }
    case 'repeat': {
      const piece = input.subarray(at, Math.max(end, at + 1));
      const times = Math.min(how.times, Math.floor(MAX_INPUT_BYTES / Math.max(piece.length, 1)));
      return Buffer.concat([before, ...Array<Buffer>(times).fill(piece), input.subarray(end)]);
    }
    case 'remove':
      return Buffer.concat([before, input.subarray(end)]);
    case 'truncate':
      return before;
  }
}

function numberBytes({ width, value, big }: Extract<Change['how'], { kind: 'number' }>): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt.asUintN(64, value));
  const number = bytes.subarray(0, width);
  return big ? number.reverse() : number;
}
