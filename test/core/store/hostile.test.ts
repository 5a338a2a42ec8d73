import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeSync } from 'node:fs';
import {
  chmod,
  link,
  lstat,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ChunkStore } from '../../../src/core/store/index.js';
import { imageNumber, TestStore } from './test-store.js';

/** Says whether an image can be opened, and is then a new one. */
const PROBE = `
  const { fstatSync } = await import('node:fs');
  try {
    const store = await ChunkStore.open(options);
    const image = await store.openImage(${JSON.stringify(imageNumber(1))});
    say(fstatSync(image.record).size === 0 ? 'anew' : 'believed');
    await image.close();
    await store.close();
  } catch (error) {
    say(String(error.code ?? error));
  }`;

const PRECIOUS = 'what no program may touch\n';

describe('a chunk store in which something was planted', function () {
  this.timeout(30_000);
  let place: TestStore;
  /** Something that belongs to the user, and not to the store. */
  let victim = '';

  beforeEach(async () => {
    place = new TestStore();
    victim = join(place.folder, 'victim');
    await mkdir(victim);
    await writeFile(join(victim, 'file'), PRECIOUS);
    await chmod(join(victim, 'file'), 0o644);
    const store = await place.open();
    const image = await store.openImage(imageNumber(1));
    writeSync(image.record, 'record', 0);
    await image.close();
  });

  afterEach(() => place[Symbol.asyncDispose]());

  async function assertVictimUntouched(): Promise<void> {
    assert.deepEqual(await readdir(victim), ['file']);
    assert.equal(await readFile(join(victim, 'file'), 'utf8'), PRECIOUS);
    assert.equal((await lstat(join(victim, 'file'))).mode & 0o777, 0o644);
  }

  /** What may stand in place of one of the store's files. */
  const PLANTS: Readonly<Record<string, (path: string) => Promise<unknown>>> = {
    'a symbolic link to a file': (path) => symlink(join(victim, 'file'), path),
    'a symbolic link to a folder': (path) => symlink(victim, path),
    'a symbolic link to nowhere': (path) => symlink(join(victim, 'new'), path),
    'a symbolic link to a device': (path) => symlink('/dev/zero', path),
    'a hard link': (path) => link(join(victim, 'file'), path),
    'a FIFO': (path) => Promise.resolve(execFileSync('mkfifo', [path])),
    'a folder with something in it': (path) => mkdir(join(path, 'sub'), { recursive: true }),
    'a file that others may write to': async (path) => {
      await writeFile(path, PRECIOUS);
      await chmod(path, 0o666);
    },
  };

  for (const name of ['data', 'record', 'lock', 'used', 'image.json']) {
    for (const [what, plant] of Object.entries(PLANTS)) {
      it(`starts the image anew with ${what} in place of its ${name}`, async () => {
        const path = place.path(imageNumber(1), name);
        await rm(path);
        await plant(path);
        const store = await place.open();
        assert.ok((await store.list()).length <= 1);
        const image = await store.openImage(imageNumber(1));
        writeSync(image.data, 'fetched', 0);
        writeSync(image.record, 'record', 0);
        await image.close();
        const stats = await lstat(path);
        assert.deepEqual([stats.isFile(), stats.nlink, stats.mode & 0o777], [true, 1, 0o600]);
        assert.deepEqual(await readdir(join(place.cacheDirectory, 'images')), [image.key]);
        await assertVictimUntouched();
      });
    }
  }

  for (const [what, plant] of Object.entries(PLANTS)) {
    it(`replaces ${what} in place of the live file or of the whole image`, async () => {
      const live = place.livePath(imageNumber(1));
      const folder = place.path(imageNumber(1));
      for (const path of [live, folder.replace(/\/\.?$/, '')]) {
        await rm(path, { recursive: true, force: true });
        await plant(path);
        const store = await place.open();
        assert.ok((await store.list()).length <= 1);
        const image = await store.openImage(imageNumber(1));
        assert.ok(image.live !== null);
        writeSync(image.live, 'live', 0);
        writeSync(image.data, 'fetched', 0);
        assert.ok((await lstat(live)).isFile());
        image.allDurable();
        await image.close();
        assert.deepEqual(await readdir(dirname(live)), []);
      }
      await assertVictimUntouched();
    });

    it(`does not believe ${what} that says an image is pinned or verified`, async () => {
      for (const name of ['pinned', 'verified']) await plant(place.path(imageNumber(1), name));
      const store = await place.open();
      const [image] = await store.list();
      assert.deepEqual([image?.pinned, image?.verified], [false, false]);
      const { removed } = await store.remove(null);
      assert.equal(removed.length, 1);
      assert.deepEqual(await readdir(join(place.cacheDirectory, 'images')), []);
      await assertVictimUntouched();
    });

    it(`refuses ${what} in place of what belongs to the store as a whole`, async () => {
      for (const name of ['.', 'images', 'lock', 'store.json', 'CACHEDIR.TAG']) {
        const path = join(place.cacheDirectory, name);
        await rename(path, `${place.folder}/aside`);
        await plant(path);
        if ((await lstat(path)).isDirectory() && (name === '.' || name === 'images')) {
          // A folder in place of a folder is nothing strange.
          await chmod(path, 0o770);
        }
        const unsafe = { code: 'store-unsafe', status: 77 };
        await assert.rejects(place.open(), unsafe, name);
        await rm(path, { recursive: true });
        await rename(`${place.folder}/aside`, path);
      }
      await assertVictimUntouched();
      await place.open();
    });
  }

  it('starts an image anew whose folder others may write to', async () => {
    await chmod(place.path(imageNumber(1)), 0o777);
    await writeFile(place.path(imageNumber(1), 'record'), 'planted');
    const store = await place.open();
    assert.deepEqual(await store.list(), []);
    const image = await store.openImage(imageNumber(1));
    assert.equal((await lstat(place.path(imageNumber(1), 'record'))).size, 0);
    await image.close();
  });

  it('does not let a second process into an image that was tampered with in use', async () => {
    const store = await place.open();
    const image = await store.openImage(imageNumber(1));
    await rm(place.path(imageNumber(1), 'record'));
    await symlink(join(victim, 'file'), place.path(imageNumber(1), 'record'));
    await assert.rejects(store.openImage(imageNumber(1)), { code: 'store-busy' });
    await image.close();
    const again = await store.openImage(imageNumber(1));
    writeSync(again.record, 'record', 0);
    await again.close();
    await assertVictimUntouched();
  });

  it('ignores what is not an image at all', async () => {
    const images = join(place.cacheDirectory, 'images');
    await symlink(victim, join(images, '.evicting-link'));
    await symlink(victim, join(images, 'f'.repeat(63)));
    await mkdir(join(images, 'something'));
    const store = await place.open();
    assert.equal((await store.list()).length, 1);
    assert.equal((await store.enforceLimit()).overLimit, false);
    assert.equal((await store.remove(null)).removed.length, 1);
    assert.deepEqual((await readdir(images)).sort(), ['f'.repeat(63), 'something']);
    await assertVictimUntouched();
  });

  it('refuses a store of somebody else', async () => {
    // The tests do not run as root, whose folder this is.
    const options = { cacheDirectory: '/usr', runtimeDirectory: null, limitBytes: null };
    const foreign = { code: 'store-foreign', status: 77 };
    await assert.rejects(ChunkStore.open(options), foreign);
    await assert.rejects(ChunkStore.find(options), foreign);
  });

  for (const [what, name, outcome] of [
    ['the folder of images', 'images', 'store-foreign'],
    ['the mark of the store', 'store.json', 'store-foreign'],
    ['the record of an image', 'KEY/record', 'anew'],
    ['the lock of an image', 'KEY/lock', 'anew'],
  ] as const) {
    const does = outcome === 'anew' ? 'starts an image anew' : 'refuses';
    it(`${does} when ${what} belongs to somebody else`, async () => {
      const key = place.path(imageNumber(1)).replace(/\/\.?$/, '');
      const target = name.startsWith('KEY')
        ? key + name.slice(3)
        : join(place.cacheDirectory, name);
      const planted = name === 'images' ? '/usr/share' : '/etc/hostname';
      assert.equal(await place.run(PROBE, `mount --bind ${planted} '${target}'`), outcome);
    });
  }

  for (const [what, prepare, code] of [
    ['there is no space left', 'mount -t tmpfs -o size=4k,mode=700 none DIR', 'host-no-space'],
    [
      'no more files may be made',
      'mount -t tmpfs -o nr_inodes=6,mode=700 none DIR',
      'host-no-space',
    ],
    [
      'the file system is read-only',
      'mount --bind DIR DIR; mount -o remount,bind,ro DIR',
      'host-permission',
    ],
  ] as const) {
    it(`says so when ${what}`, async () => {
      await rm(place.cacheDirectory, { recursive: true });
      await mkdir(place.cacheDirectory);
      const line = prepare.replaceAll('DIR', `'${place.cacheDirectory}'`);
      assert.equal(await place.run(PROBE, line), code);
    });
  }

  it('says so when no more files may be opened, and works again when they may', async () => {
    const said = await place.run(
      `
      const { openSync, closeSync } = await import('node:fs');
      // The addon is there by now.
      await (await ChunkStore.open(options)).close();
      const fill = () => {
        const all = [];
        try { for (;;) all.push(openSync('/dev/null')); } catch { return all; }
      };
      const description = ${JSON.stringify(imageNumber(1))};
      const outcomes = new Set();
      for (let spare = 0; spare < 20; spare++) {
        const all = fill();
        for (const file of all.splice(0, spare)) closeSync(file);
        try {
          const other = await ChunkStore.open(options);
          try {
            await (await other.openImage(description)).close();
            outcomes.add('works');
          } finally {
            await other.close();
          }
        } catch (error) {
          outcomes.add(error.code);
        }
        for (const file of all) closeSync(file);
      }
      say([...outcomes].join());`,
      'ulimit -n 200',
    );
    assert.equal(said, 'host-input-output,works');
  });
});
