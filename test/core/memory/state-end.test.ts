import assert from 'node:assert/strict';
import { completeState } from '../../../src/core/memory/index.js';
import { STATE } from '../../hostile/support/memory-image.js';

/** What QEMU writes at the end: that it is the end, and a description of all before. */
function ending(text: string): Buffer {
  const prefix = Buffer.from([0, 6, 0, 0, 0, 0]);
  prefix.writeUInt32BE(text.length, 2);
  return Buffer.concat([prefix, Buffer.from(text)]);
}

const WHOLE = Buffer.concat([STATE, Buffer.alloc(3_000_000, 6), ending('{"a": 1}')]);

async function handOn(state: Buffer, pieceBytes: number): Promise<Buffer> {
  const pieces = async function* () {
    for (let at = 0; at < state.length; at += pieceBytes) {
      yield await Promise.resolve(state.subarray(at, at + pieceBytes));
    }
  };
  const parts = [];
  for await (const bytes of completeState(pieces())) parts.push(bytes);
  return Buffer.concat(parts);
}

describe('the end of a state', () => {
  it('is there, and all is handed on as it was', async () => {
    for (const pieceBytes of [WHOLE.length, 1_000_000, 4321]) {
      assert.ok((await handOn(WHOLE, pieceBytes)).equals(WHOLE));
    }
  });

  it('is missing where something was cut off', async () => {
    for (const cut of [1, 8, 9, 12, 13, 1_000_000, WHOLE.length - STATE.length]) {
      const state = WHOLE.subarray(0, WHOLE.length - cut);
      await assert.rejects(handOn(state, 65_536), {
        code: 'memory-damaged',
        message: 'The machine’s saved memory is damaged: its end is missing.',
      });
    }
  });

  it('says nothing for a machine that is older than descriptions', async () => {
    const old = Buffer.from('QEVM\0\0\0\u0003\u0001\0\0\0', 'latin1');
    assert.ok((await handOn(old, 100)).equals(old));
  });
});
