import { fromShown, toShown } from './shown-bytes.js';
import { mutated } from './mutation.js';
import type { FuzzTarget } from './target.js';

/** What a parser of bytes is tried with. */
export interface BytesFormat {
  readonly valid: readonly (Buffer | string)[];
  readonly words: readonly (Buffer | string)[];
  readonly parse: (input: Buffer) => unknown;
}

/** A parser that is given changed bytes. */
export function bytesTarget({ valid, words, parse }: BytesFormat): FuzzTarget<Buffer> {
  return {
    inputs: mutated(
      valid.map((seed) => Buffer.from(seed)),
      words,
    ),
    parse,
    show: toShown,
    read: fromShown,
  };
}
