import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { constants } from 'node:fs';
import {
  appendFile,
  chmod,
  link,
  lstat,
  mkdir,
  open,
  readdir,
  readFile,
  rm,
  symlink,
  truncate,
  writeFile,
  type FileHandle,
} from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import type { ChunkStore, StoredImage } from '../../../src/core/store/index.js';
import { childrenOf } from '../../support/processes.js';
import { randomBytes, seeded } from '../../support/random.js';
import { until } from '../../support/wait.js';
import { fetchInto } from './fetch-into.js';
import { imageNumber, TestStore } from './test-store.js';

const MEMORY = new URL('../../../src/core/memory/index.js', import.meta.url).href;
const KIB = 1024;
const HEADER_BYTES = 64;
const content = randomBytes(300_000, seeded(61));
const description = { ...imageNumber(1, content.length), crc32: crc32(content) };
const state = randomBytes(100_000, seeded(62));
const { signal } = new AbortController();

describe('the state that is kept of saved memory', function () {
  this.timeout(20_000);
  let place: TestStore;
  let store: ChunkStore;
  let image: StoredImage;

  before(async () => {
    place = new TestStore();
    store = await place.open();
    image = await store.openImage(description);
    await fetchInto(image, join(place.folder, 'mount'), [{ offset: 0, bytes: content }]);
  });

  beforeEach(async () => {
    assert.equal(await image.check(signal), 'intact');
  });

  afterEach(async () => {
    for (const name of ['state', 'state.new']) await rm(path(name), { force: true });
  });

  after(async () => {
    await image.close();
    await place[Symbol.asyncDispose]();
  });

  const path = (name = 'state') => place.path(description, name);
  const kept = () => store.keptState(description);
  const write = async (file: FileHandle): Promise<void> => {
    await file.write(state);
  };

  async function assertNothingIsKept(): Promise<void> {
    const names = await readdir(path('.'));
    assert.deepEqual(names.sort(), ['data', 'image.json', 'lock', 'record', 'used', 'verified']);
  }

  /** What a reader of the opened file gets after the frame that zstd skips. */
  async function readKept(): Promise<Buffer | null> {
    const opened = await kept().open();
    if (opened === null) return null;
    try {
      const bytes = await opened.file.readFile();
      assert.equal(bytes.length, opened.storedBytes);
      return bytes.subarray(HEADER_BYTES);
    } finally {
      await opened.close();
    }
  }

  it('is what was written, for its owner alone, until it is dropped', async () => {
    assert.equal(await readKept(), null);
    assert.equal(await kept().keep(write, signal), 'kept');
    assert.deepEqual(await readKept(), state);
    assert.equal((await lstat(path())).mode & 0o777, 0o600);
    const again = () => Promise.reject(new Error('it was there'));
    assert.equal(await kept().keep(again, signal), 'kept');
    await kept().drop();
    assert.equal(await readKept(), null);
    await assertNothingIsKept();
    await kept().drop();
  });

  it('is read by zstd as it is', async () => {
    const compressed = execFileSync('zstd', ['-1', '-cq'], { input: state });
    await kept().keep(async (file) => {
      await file.write(compressed);
    }, signal);
    assert.deepEqual(execFileSync('zstd', ['-dcq'], { input: await readFile(path()) }), state);
  });

  it('is not there while it is being written', async () => {
    const outcome = await kept().keep(async (file) => {
      await write(file);
      assert.equal(await readKept(), null);
    }, signal);
    assert.equal(outcome, 'kept');
  });

  for (const [what, change] of [
    ['cut', () => truncate(path(), 50_000)],
    ['cut within its header', () => truncate(path(), 20)],
    ['empty', () => truncate(path(), 0)],
    ['longer than it was', () => appendFile(path(), 'x')],
    ['of another version', () => poke(path(), 16, 2)],
    ['of another image', () => poke(path(), 40, 0)],
    ['noise', () => writeFile(path(), state)],
  ] as const) {
    it(`is removed when it is ${what}`, async () => {
      await kept().keep(write, signal);
      await change();
      assert.equal(await readKept(), null);
      await assertNothingIsKept();
    });
  }

  for (const [what, plant] of [
    ['a symbolic link', (at: string, victim: string) => symlink(victim, at)],
    ['a hard link', (at: string, victim: string) => link(victim, at)],
    ['a FIFO', (at: string) => Promise.resolve(execFileSync('mkfifo', [at]))],
    ['a folder', (at: string) => mkdir(join(at, 'sub'), { recursive: true })],
    [
      'a file that others may write to',
      (at: string) => writeFile(at, '').then(() => chmod(at, 0o666)),
    ],
  ] as const) {
    it(`takes the place of ${what} that was planted there`, async () => {
      const victim = join(place.folder, 'victim');
      await writeFile(victim, 'precious');
      for (const name of ['state', 'state.new']) await plant(path(name), victim);
      assert.equal(await readKept(), null);
      assert.equal(await kept().keep(write, signal), 'kept');
      assert.deepEqual(await readKept(), state);
      assert.equal(await readFile(victim, 'utf8'), 'precious');
    });
  }

  it('is not kept of an image that is not in the store', async () => {
    const other = store.keptState(imageNumber(2));
    assert.equal(await other.keep(write, signal), 'unverified');
    assert.equal(await other.open(), null);
    await other.drop();
    assert.equal((await readdir(path('..'))).length, 1);
  });

  it('is not kept of an image that was not found to be what was packed', async () => {
    await image.forgetVerified();
    const unasked = () => Promise.reject(new Error('it was begun'));
    assert.equal(await kept().keep(unasked, signal, 0), 'unverified');
    const meanwhile = async (file: FileHandle): Promise<void> => {
      await write(file);
      await image.forgetVerified();
    };
    assert.equal(await image.check(signal), 'intact');
    assert.equal(await kept().keep(meanwhile, signal), 'unverified');
    assert.equal(await readKept(), null);
    assert.ok(!(await readdir(path('.'))).includes('state.new'));
  });

  it('waits for its image to be checked, until it is no longer wanted', async () => {
    await image.forgetVerified();
    const abort = new AbortController();
    const unwanted = kept().keep(write, abort.signal);
    const wanted = kept().keep(write, signal);
    abort.abort(new Error('enough'));
    await assert.rejects(unwanted, { message: 'enough' });
    assert.equal(await image.check(signal), 'intact');
    assert.equal(await wanted, 'kept');
    assert.deepEqual(await readKept(), state);
  });

  it('cannot be changed by whoever is given it to read', async () => {
    await kept().keep(write, signal);
    const opened = await kept().open();
    assert.ok(opened !== null);
    await assert.rejects(opened.file.write('x'), { code: 'EBADF' });
    await assert.rejects(opened.file.truncate(), { code: 'EINVAL' });
    await opened.close();
  });

  it('may take what the limit leaves beside what is in use, and is not kept without that', async () => {
    const used = (await store.list())[0]?.usedBytes ?? 0;
    const larger = await place.open(used + 200 * KIB);
    const smaller = await place.open(used);
    const told: number[] = [];
    const note = async (file: FileHandle, maxBytes: number): Promise<void> => {
      told.push(maxBytes);
      await write(file);
    };
    assert.equal(await smaller.keptState(description).keep(note, signal), 'no-room');
    assert.equal(await larger.keptState(description).keep(note, signal), 'kept');
    assert.deepEqual(told, [200 * KIB]);
  });

  it('may take the place of what nobody uses', async () => {
    const old = await store.openImage(imageNumber(2));
    await writeFile(place.path(imageNumber(2), 'data'), randomBytes(1_000_000, seeded(63)));
    await old.close();
    const used = (await store.list()).reduce((sum, { usedBytes }) => sum + usedBytes, 0);
    const full = await place.open(used);
    assert.equal(await full.keptState(description).keep(write, signal), 'kept');
    assert.deepEqual((await full.enforceLimit()).evicted, [old.key]);
    assert.deepEqual(await readKept(), state);
  });

  it('is written by one at a time', async () => {
    const outcome = await kept().keep(async (file) => {
      assert.equal(await kept().keep(write, signal), 'elsewhere');
      await write(file);
    }, signal);
    assert.equal(outcome, 'kept');
    assert.deepEqual(await readKept(), state);
  });

  it('leaves nothing when it cannot be written, or is no longer wanted', async () => {
    const failing = async (file: FileHandle): Promise<void> => {
      await write(file);
      throw new Error('damaged');
    };
    await assert.rejects(kept().keep(failing, signal), { message: 'damaged' });
    await assertNothingIsKept();
    const abort = new AbortController();
    const aborting = async (file: FileHandle): Promise<void> => {
      await write(file);
      abort.abort(new Error('enough'));
    };
    await assert.rejects(kept().keep(aborting, abort.signal), { message: 'enough' });
    await assertNothingIsKept();
  });

  it('is kept anew after a process was killed that was keeping it', async () => {
    const child = await place.start(`
      const store = await ChunkStore.open(options);
      await store.keptState(${JSON.stringify(description)}).keep(async (file) => {
        await file.write(Buffer.alloc(500_000));
        say('half');
        await new Promise((done) => setTimeout(done, 1_000_000));
      }, new AbortController().signal);`);
    assert.equal(await kept().keep(write, signal), 'elsewhere');
    await place.kill(child);
    assert.equal(await readKept(), null);
    assert.equal(await kept().keep(write, signal), 'kept');
    assert.deepEqual(await readKept(), state);
    assert.ok(!(await readdir(path('.'))).includes('state.new'));
  });

  it('is not touched before the programs have ended that a killed process left', async () => {
    const fifo = join(place.folder, 'stuck');
    execFileSync('mkfifo', [fifo]);
    const stuck = await open(fifo, constants.O_RDWR);
    const child = await place.start(`
      const { keepState } = await import(${JSON.stringify(MEMORY)});
      const { openSync } = await import('node:fs');
      const store = await ChunkStore.open(options);
      const { signal } = new AbortController();
      const stored = openSync(${JSON.stringify(fifo)});
      await store.keptState(${JSON.stringify(description)}).keep((file, maxBytes) => {
        const state = { compression: 'xz', stored, kept: file.fd, maxBytes };
        const keeping = keepState(state, signal);
        say('keeps');
        return keeping;
      }, signal);`);
    await until('they run', async () => (await childrenOf(child.pid ?? 0, 'zstd')).length > 0);
    await place.kill(child);
    assert.equal(await kept().keep(write, signal), 'elsewhere');
    await stuck.close();
    await until('they have ended', async () => (await kept().keep(write, signal)) === 'kept');
    assert.deepEqual(await readKept(), state);
  });

  it('may take half of what is free on the disk, and is not kept where that is full', async () => {
    const said = await place.run(
      `
      import { readdir } from 'node:fs/promises';
      const store = await ChunkStore.open({ ...options, cacheDirectory: '/mnt/cache' });
      const image = await store.openImage(${JSON.stringify(description)});
      const fill = (file, maxBytes) => {
        say(maxBytes > 300_000 && maxBytes < 2 ** 19 ? 'half ' : maxBytes + ' ');
        return file.writeFile(Buffer.alloc(2_000_000));
      };
      const kept = store.keptState(image.description);
      say(await kept.keep(fill, new AbortController().signal));
      say(' ' + (await readdir('/mnt/cache/images/' + image.key)).filter((name) => /state/.test(name)).length);`,
      `mount -t tmpfs -o size=1m,mode=700 none /mnt; cp -a ${place.cacheDirectory} /mnt/cache`,
    );
    assert.equal(said, 'half no-room 0');
  });

  it('is opened and closed by many while it is dropped and kept', async () => {
    const end = performance.now() + 300;
    const read = async (): Promise<void> => {
      while (performance.now() < end) {
        const bytes = await readKept();
        assert.ok(bytes === null || bytes.equals(state));
        await sleep(1);
      }
    };
    const change = async (): Promise<void> => {
      while (performance.now() < end) {
        assert.match(await kept().keep(write, signal), /^(kept|elsewhere)$/);
        await kept().drop();
      }
    };
    await Promise.all([read(), read(), change(), change()]);
  });

  // Last, for it removes the image.
  it('counts as part of its image, and goes with it, but not while it is open', async () => {
    const before = (await store.list())[0]?.usedBytes ?? 0;
    await kept().keep(write, signal);
    const [listed] = await store.list();
    assert.ok((listed?.usedBytes ?? 0) >= before + state.length);
    await image.close();
    const opened = await kept().open();
    assert.equal((await store.remove(null)).inUse.length, 1);
    const strict = await place.open(1);
    assert.deepEqual((await strict.enforceLimit()).evicted, []);
    await opened?.close();
    assert.equal((await strict.enforceLimit()).evicted.length, 1);
    assert.equal(await readKept(), null);
  });
});

async function poke(path: string, at: number, value: number): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.write(Buffer.of(value), 0, 1, at);
  } finally {
    await file.close();
  }
}
