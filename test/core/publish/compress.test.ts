import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { compressed } from '../../../src/core/publish/compress.js';
import { childrenOf } from '../../support/processes.js';

const { signal } = new AbortController();

describe('compressing memory that is packed', () => {
  const pieces = [Buffer.alloc(1024, 'a'), Buffer.alloc(1024, 'b')];

  async function collect(plain: AsyncIterable<Uint8Array>): Promise<Buffer> {
    const packed: Uint8Array[] = [];
    for await (const bytes of compressed(plain, signal)) packed.push(bytes);
    return Buffer.concat(packed);
  }

  async function signalXz(name: NodeJS.Signals): Promise<void> {
    const [pid] = await childrenOf(process.pid, 'xz');
    assert.ok(pid !== undefined);
    process.kill(pid, name);
  }

  it('gives what xz reads', async () => {
    const packed = await collect(Readable.from(pieces));
    const plain = execFileSync('xz', ['-dc'], { input: packed });
    assert.ok(plain.equals(Buffer.concat(pieces)));
  });

  it('fails where xz is killed after it was given everything', async () => {
    let given = (): void => undefined;
    const all = new Promise<void>((done) => (given = done));
    const packing = collect(
      (async function* () {
        await signalXz('SIGSTOP');
        yield* pieces;
        given();
      })(),
    );
    const refused = assert.rejects(packing, { code: 'host-program-failed' });
    await all;
    // Its input ends within this time: the pieces fit into the pipe.
    await delay(100);
    await signalXz('SIGKILL');
    await refused;
  });

  it('fails where xz is killed before it was given everything', async () => {
    const packing = collect(
      (async function* () {
        yield* pieces;
        await signalXz('SIGKILL');
        for (;;) yield* pieces;
      })(),
    );
    await assert.rejects(packing, { code: 'host-program-failed' });
  });

  it('fails as the data do that it is given', async () => {
    const packing = collect(
      (async function* () {
        yield* pieces;
        await delay(1);
        throw new RangeError('no more');
      })(),
    );
    await assert.rejects(packing, new RangeError('no more'));
  });
});
