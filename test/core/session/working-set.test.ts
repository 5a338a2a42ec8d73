import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CHUNK_BYTES } from '../../../src/core/image/index.js';
import type { Package } from '../../../src/core/package/index.js';
import { readWorkingSet, writeWorkingSet } from '../../../src/core/session/index.js';
import { output } from '../../support/programs.js';

const HEAD = '{"format":"vmnetx-working-set","version":1,"chunkBytes":131072}\n';
const MOST_CHUNKS = 1_048_576;

/** A package with ten chunks of disk, the last one short, and three of memory. */
const machine: Package = {
  name: 'Xenix',
  sizeBytes: 20 * CHUNK_BYTES,
  directoryDigest: '',
  domainXml: Buffer.alloc(0),
  disk: { name: 'disk.img', offset: 4096, storedBytes: 9 * CHUNK_BYTES + 1, crc32: 0 },
  memory: { name: 'memory.img', offset: 99, storedBytes: 3 * CHUNK_BYTES, crc32: 0 },
};

describe('a working set', function () {
  this.timeout(60_000);
  let folder = '';
  let path = '';

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'working-set-'));
    path = join(folder, 'set');
  });
  afterEach(() => rm(folder, { recursive: true }));

  function assertRefused(reason: RegExp, of = machine): Promise<void> {
    return assert.rejects(readWorkingSet(path, of), (error: unknown) => {
      assert.ok(error instanceof Error && 'code' in error && 'status' in error);
      assert.deepEqual([error.code, error.status], ['image-working-set', 65]);
      assert.match(error.message, reason);
      return true;
    });
  }

  it('is read as it was written', async () => {
    const touches = [
      { image: 'disk', chunk: 9, milliseconds: 0 },
      { image: 'memory', chunk: 2, milliseconds: 0.125 },
      { image: 'disk', chunk: 0, milliseconds: 86_400_000 },
    ] as const;
    await writeWorkingSet(path, touches);
    assert.deepEqual(await readWorkingSet(path, machine), touches);
    assert.ok((await readFile(path, 'utf8')).startsWith(HEAD));
  });

  it('may be empty', async () => {
    await writeWorkingSet(path, []);
    assert.equal(await readFile(path, 'utf8'), HEAD);
    assert.deepEqual(await readWorkingSet(path, machine), []);
  });

  it('replaces an older one as a whole, and leaves nothing beside it', async () => {
    await writeFile(path, 'old');
    await writeWorkingSet(path, []);
    assert.deepEqual(await readdir(folder), ['set']);
    await assert.rejects(writeWorkingSet(join(folder, 'none', 'set'), []), {
      code: 'host-file-missing',
    });
  });

  it('is refused if it does not begin as one of this version', async () => {
    for (const head of [
      '',
      '\n',
      'null\n',
      '{}\n',
      'PK\u0003\u0004',
      HEAD.replace('1,', '2,'),
      HEAD.replace('131072', '65536'),
      HEAD.replace('}', ',"more":1}'),
    ]) {
      await writeFile(path, head);
      await assertRefused(/does not begin/);
    }
  });

  it('is refused if a line is not correct, by its number', async () => {
    const right = '{"image":"disk","chunk":1,"milliseconds":5}\n';
    for (const line of [
      '',
      '[]',
      '"disk"',
      '{"image":"disk","chunk":1}',
      '{"image":"disk","chunk":1,"milliseconds":5,"more":1}',
      '{"image":"other","chunk":1,"milliseconds":5}',
      '{"image":"disk","chunk":-1,"milliseconds":5}',
      '{"image":"disk","chunk":1.5,"milliseconds":5}',
      '{"image":"disk","chunk":"1","milliseconds":5}',
      '{"image":"disk","chunk":1,"milliseconds":-5}',
      '{"image":"disk","chunk":1,"milliseconds":1e999}',
      '{"image":"disk","chunk":1,"milliseconds":null}',
      right.slice(0, 20),
    ]) {
      await writeFile(path, `${HEAD}${right}${line}\n`);
      await assertRefused(/line 3 is not correct/);
    }
  });

  it('is refused if it names a chunk that the package does not have', async () => {
    for (const [image, chunk] of [
      ['disk', 10],
      ['memory', 3],
    ] as const) {
      await writeWorkingSet(path, [{ image, chunk, milliseconds: 0 }]);
      await assertRefused(/line 2 names a part that this machine does not have/);
    }
    await writeWorkingSet(path, [{ image: 'memory', chunk: 0, milliseconds: 0 }]);
    await assertRefused(/line 2 names a part/, { ...machine, memory: null });
  });

  it('ends at the most chunks when it is written, and is refused with more', async () => {
    const touch = { image: 'disk', chunk: 1, milliseconds: 0 } as const;
    await writeWorkingSet(
      path,
      Array.from({ length: MOST_CHUNKS + 1 }, () => touch),
    );
    assert.equal((await readWorkingSet(path, machine)).length, MOST_CHUNKS);
    await writeFile(path, `${JSON.stringify(touch)}\n`, { flag: 'a' });
    await assertRefused(/more than 1048576 chunks/);
  });

  it('is refused if it is too large, or no ordinary file, before it is read', async () => {
    await writeFile(path, HEAD);
    await truncate(path, 64 * 2 ** 20 + 1);
    await assertRefused(/larger than 64 MiB/);
    await rm(path);
    await assert.rejects(readWorkingSet(path, machine), { code: 'host-file-missing' });
    await output('mkfifo', path);
    await assert.rejects(readWorkingSet(path, machine), { code: 'host-not-a-file' });
    await assert.rejects(readWorkingSet(folder, machine), { code: 'host-not-a-file' });
  });
});
