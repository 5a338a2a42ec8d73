import assert from 'node:assert/strict';
import { checkedState, parseStateHead } from '../../../src/core/memory/index.js';
import { stateOf } from '../../hostile/support/memory-image.js';

const TYPE = 'pc-i440fx-7.2';
const STATE = stateOf(TYPE);
/** As QEMU wrote it before 2.4: the first device follows at once. */
const OLD_STATE = Buffer.from(`QEVM\0\0\0\u0003\u0001${'block'.repeat(40)}`, 'latin1');

/** What is handed on of a state that comes in pieces of such a length. */
async function handedOn(state: Buffer, length = state.length) {
  async function* pieces(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < state.length; at += length) {
      yield await Promise.resolve(state.subarray(at, at + length));
    }
  }
  const parts: Uint8Array[] = [];
  let refused: unknown = null;
  try {
    for await (const bytes of checkedState(pieces(), TYPE)) parts.push(bytes);
  } catch (error) {
    refused = error;
  }
  return { bytes: Buffer.concat(parts), refused };
}

describe('QEMU’s state', () => {
  it('says of which type its machine is, since QEMU 2.4', () => {
    assert.deepEqual(parseStateHead(STATE), { machineType: 'pc-i440fx-7.2' });
    assert.deepEqual(parseStateHead(OLD_STATE), { machineType: null });
  });

  it('is handed on as it is where its beginning is right, in whatever pieces it comes', async () => {
    for (const state of [STATE, OLD_STATE, STATE.subarray(0, 30)]) {
      for (const length of [1, 7, 76, 77, 78, state.length]) {
        const { bytes, refused } = await handedOn(state, length);
        assert.equal(refused, null);
        assert.ok(bytes.equals(state), `in pieces of ${length}`);
      }
    }
  });

  const magic = (text: string, version: number): Buffer => {
    const state = Buffer.from(STATE);
    state.write(text, 'latin1');
    state.writeUInt32BE(version, 4);
    return state;
  };
  const named = (length: number): Buffer => {
    const state = Buffer.from(STATE);
    state.writeUInt32BE(length, 9);
    return state;
  };
  const refusals: readonly (readonly [string, string, Buffer])[] = [
    ['nothing', 'memory-damaged', Buffer.alloc(0)],
    ['its magic alone', 'memory-damaged', STATE.subarray(0, 8)],
    ['another magic', 'memory-damaged', magic('QEVN', 3)],
    ['noise', 'memory-damaged', Buffer.alloc(1000, 'noise')],
    ['version 2', 'memory-refused', magic('QEVM', 2)],
    ['version 4', 'memory-refused', magic('QEVM', 4)],
    ['a type that is cut off', 'memory-damaged', STATE.subarray(0, 20)],
    ['the length of a type that is cut off', 'memory-damaged', STATE.subarray(0, 12)],
    ['a type of 65 characters', 'memory-damaged', named(65)],
    ['a type of 4 GB', 'memory-damaged', named(2 ** 32 - 1)],
    ['a type of no characters', 'memory-damaged', named(0)],
    ['a type that is no name', 'memory-damaged', stateOf('pc,accel=kvm')],
    ['another type', 'memory-other-machine', stateOf('pc-i440fx-6.0')],
    ['another kind of type', 'memory-other-machine', stateOf('pc-q35-7.2')],
  ];
  for (const [what, code, state] of refusals) {
    it(`is refused with ${what}, before any of it is handed on`, async () => {
      for (const length of [5, 1000]) {
        const { bytes, refused } = await handedOn(state, length);
        assert.ok(refused instanceof Error && 'code' in refused);
        assert.equal(refused.code, code);
        assert.equal(bytes.length, 0);
      }
    });
  }
});
