import { fail } from '../errors/index.js';
import { parseStateHead } from './state.js';

/*
 * The state of a machine whose type stands at the beginning ends with a description of what was
 * written: a byte, the length of a text, big-endian, and the text.
 */
const DESCRIPTION = 6;
const PREFIX_BYTES = 5;

/** What is looked at of the end, in bytes: the description of a small machine has 100 KiB. */
const TAIL_BYTES = 2 ** 20;

/**
 * Hands on a state, and throws at its end unless it is all there: where it was stored without
 * compression, nothing else tells.
 *
 * @param state its first piece as `checkedState` hands it on
 * @throws VmnetxError `memory-damaged`, `memory-refused`; what `state` throws
 */
export async function* completeState(
  state: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  let first: Uint8Array | null = null;
  let last: readonly Uint8Array[] = [];
  for await (const bytes of state) {
    first ??= bytes;
    last = lastOf([...last, bytes]);
    yield bytes;
  }
  const { machineType } = parseStateHead(Buffer.from(first ?? []));
  if (machineType !== null && !endsWithDescription(Buffer.concat(last))) {
    throw fail('memory-damaged', { reason: 'its end is missing' });
  }
}

/** The last pieces that together have enough. */
function lastOf(pieces: readonly Uint8Array[]): readonly Uint8Array[] {
  let bytes = 0;
  const begin = pieces.findLastIndex((piece) => (bytes += piece.length) >= TAIL_BYTES);
  return pieces.slice(Math.max(begin, 0));
}

function endsWithDescription(tail: Buffer): boolean {
  let at = tail.lastIndexOf(DESCRIPTION);
  while (at > 0) {
    const textAt = at + PREFIX_BYTES;
    if (textAt < tail.length && textAt + tail.readUInt32BE(at + 1) === tail.length) return true;
    at = tail.lastIndexOf(DESCRIPTION, at - 1);
  }
  return false;
}
