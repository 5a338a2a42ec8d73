import { fail, ownWords } from '../errors/index.js';

/*
 * QEMU's state begins with its magic and version, big-endian. Since QEMU 2.4 a section with its
 * configuration follows: a byte, and the length and text of the machine's type. Old types have none.
 */
const MAGIC = 0x5145564d;
const VERSION = 3;
const CONFIGURATION = 7;
const PREFIX_BYTES = 8;
const NAME_OFFSET = PREFIX_BYTES + 5;
const MAX_TYPE_LENGTH = 64;
const HEAD_BYTES = NAME_OFFSET + MAX_TYPE_LENGTH;
const TYPE = /^[a-z0-9][a-z0-9._-]*$/;

/** What the beginning of QEMU's state tells. */
export interface StateHead {
  /** As QEMU calls it, always with its version; null where the state does not say. */
  readonly machineType: string | null;
}

/**
 * @param head the first 77 bytes of the state, or all of a shorter one
 * @throws VmnetxError `memory-damaged`, `memory-refused`
 */
export function parseStateHead(head: Buffer): StateHead {
  if (head.length <= PREFIX_BYTES || head.readUInt32BE(0) !== MAGIC) {
    throw fail('memory-damaged', { reason: 'it holds no state of QEMU' });
  }
  const version = head.readUInt32BE(4);
  if (version !== VERSION) {
    throw fail('memory-refused', { reason: `version ${version} of QEMU’s state is not known` });
  }
  if (head.readUInt8(PREFIX_BYTES) !== CONFIGURATION) return { machineType: null };
  const cut = fail('memory-damaged', { reason: 'its machine’s type is cut short' });
  if (head.length < NAME_OFFSET) throw cut;
  const length = head.readUInt32BE(PREFIX_BYTES + 1);
  if (length > MAX_TYPE_LENGTH || NAME_OFFSET + length > head.length) throw cut;
  const machineType = head.toString('latin1', NAME_OFFSET, NAME_OFFSET + length);
  if (!TYPE.test(machineType)) {
    throw fail('memory-damaged', { reason: 'its machine’s type is no name' });
  }
  return { machineType };
}

/**
 * Hands on a state, none of it before its beginning was found to be what is expected.
 *
 * @param machineType what libvirt's description says
 * @throws VmnetxError `memory-damaged`, `memory-refused`, `memory-other-machine`; what `state` throws
 */
export async function* checkedState(
  state: AsyncIterable<Uint8Array>,
  machineType: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  let head: Buffer | null = Buffer.alloc(0);
  for await (const bytes of state) {
    if (head === null) {
      yield bytes;
      continue;
    }
    head = Buffer.concat([head, bytes]);
    if (head.length < HEAD_BYTES) continue;
    checkHead(head, machineType);
    yield head;
    head = null;
  }
  if (head === null) return;
  checkHead(head, machineType);
  yield head;
}

function checkHead(head: Buffer, expected: string): void {
  const { machineType } = parseStateHead(head);
  if (machineType !== null && machineType !== expected) {
    throw fail('memory-other-machine', { what: ownWords('kind') });
  }
}
