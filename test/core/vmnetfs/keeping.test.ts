import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CHUNK_BYTES } from '../../../src/core/image/index.js';
import { openSource } from '../../../src/core/fetch/index.js';
import type { MountRequest, Vmnetfs } from '../../../src/core/vmnetfs/index.js';
import { parsePackageUrl } from '../../../src/core/reference/index.js';
import { ChunkStore } from '../../../src/core/store/index.js';
import { startNginx, type Nginx } from '../../support/nginx.js';
import { eventually, until } from '../../support/wait.js';
import { ownProcesses, PackageToMount } from './mounted-package.js';

const CHUNKS = 24;
const { signal } = new AbortController();

describe('the chunks that a vmnetfs has fetched', function () {
  this.timeout(30_000);

  let wanted: PackageToMount;
  let nginx: Nginx;

  beforeEach(async () => {
    wanted = await PackageToMount.create(CHUNKS);
    nginx = await startNginx(wanted.folder);
  });

  afterEach(async () => {
    await wanted[Symbol.asyncDispose]();
    await nginx.stop();
    assert.deepEqual(await ownProcesses(), []);
  });

  /** The package as nginx serves it. */
  async function served(query = ''): Promise<Partial<MountRequest>> {
    const url = parsePackageUrl(`${nginx.origin}/a.nxpk`);
    const source = await openSource({ kind: 'url', url, label: url.label }, { signal });
    await source.close();
    const request = wanted.servedAt(nginx.origin, source.validators);
    return { ...request, package: { href: `${nginx.origin}/a.nxpk${query}` } };
  }

  /** Another folder to mount on, for a second mount at the same time. */
  async function secondFolder(): Promise<Partial<MountRequest>> {
    const machine = join(wanted.folder, 'second');
    await mkdir(join(machine, 'mount'), { recursive: true });
    return { directory: join(machine, 'mount'), removeAfter: machine };
  }

  async function again(): Promise<void> {
    await mkdir(wanted.directory, { recursive: true });
  }

  /** Mounts, reads all of the disk, and ends. */
  async function readAll(request: Partial<MountRequest>): Promise<Buffer> {
    const vmnetfs = await wanted.mount(request);
    try {
      return await readFile(wanted.diskPath);
    } finally {
      await vmnetfs.unmount();
      await again();
    }
  }

  /** Bytes of the disk that were asked for since; the first request brings the package's head. */
  async function fetchedSince(requests: number): Promise<readonly Range[]> {
    const since = (await nginx.requests()).slice(requests);
    return since
      .map(({ range }) => /^bytes=(\d+)-(\d+)$/.exec(range) ?? [])
      .map(([, first, last]) => ({ first: Number(first), last: Number(last) }))
      .filter(({ first }) => first > 0);
  }

  /** The folder in which the store has the disk. */
  async function storedDisk(): Promise<string> {
    const images = join(wanted.folder, 'cache/images');
    for (const key of await readdir(images)) {
      const description = await readFile(join(images, key, 'image.json'), 'utf8');
      if (description.includes('disk.img')) return join(images, key);
    }
    throw new Error('the disk is not in the store');
  }

  it('are not fetched again by a later session', async () => {
    const request = await served();
    assert.deepEqual(await readAll(request), wanted.disk);
    const before = (await nginx.requests()).length;
    assert.deepEqual(await readAll(request), wanted.disk);
    assert.deepEqual(await fetchedSince(before), []);
    assert.deepEqual(wanted.told, []);
  });

  it('are those of the same package whatever the query of its address says', async () => {
    assert.deepEqual(await readAll(await served('?signature=one')), wanted.disk);
    const before = (await nginx.requests()).length;
    assert.deepEqual(await readAll(await served('?signature=two')), wanted.disk);
    assert.deepEqual(await fetchedSince(before), []);
    const kept = await Promise.all(
      (await readdir(join(wanted.folder, 'cache/images'))).map((key) =>
        readFile(join(wanted.folder, 'cache/images', key, 'image.json'), 'utf8'),
      ),
    );
    assert.doesNotMatch(kept.join(), /signature|one|two/);
  });

  it('are not those of another package at the same address', async () => {
    const request = await served();
    assert.deepEqual(await readAll(request), wanted.disk);
    const before = (await nginx.requests()).length;
    const { expected } = wanted.request;
    const changed = { ...expected, ...request.expected, directoryDigest: 'f'.repeat(64) };
    assert.deepEqual(await readAll({ ...request, expected: changed }), wanted.disk);
    assert.notDeepEqual(await fetchedSince(before), []);
  });

  it('are shared by two machines at a time, which fetch nothing twice', async () => {
    const request = await served();
    const second = await secondFolder();
    const before = (await nginx.requests()).length;
    const mounts = [await wanted.mount(request), await wanted.mount({ ...request, ...second })];
    const paths = [wanted.diskPath, join(second.directory ?? '', 'disk')];
    const contents = await Promise.all(paths.map((path) => readFile(path)));
    for (const vmnetfs of mounts) await vmnetfs.unmount();
    for (const content of contents) assert.ok(content.equals(wanted.disk));
    const ranges = [...(await fetchedSince(before))].sort((a, b) => a.first - b.first);
    ranges.reduce((last, range) => {
      assert.ok(range.first > last, `bytes ${range.first}–${last} were fetched twice`);
      return range.last;
    }, 0);
  });

  it('are found damaged by their checksums, and fetched again', async () => {
    const request = await served();
    assert.deepEqual(await readAll(request), wanted.disk);
    const data = await open(join(await storedDisk(), 'data'), 'r+');
    await data.write(Buffer.from('not what it was'), 0, 15, 5 * CHUNK_BYTES + 77_777);
    await data.close();
    const before = (await nginx.requests()).length;
    assert.ok((await readAll(request)).equals(wanted.disk));
    const { offset = 0 } = wanted.request.images[0] ?? {};
    const fetched = await fetchedSince(before);
    assert.notDeepEqual(fetched, []);
    for (const { first, last } of fetched) {
      const inside = first >= offset + 5 * CHUNK_BYTES && last < offset + 6 * CHUNK_BYTES;
      assert.ok(inside, `bytes ${first}–${last} of the package, its disk at ${offset}`);
    }
  });

  it('are forgotten when the image as a whole is not what was packed, which is said', async () => {
    const request = await served();
    const [disk, ...others] = wanted.request.images;
    assert.ok(disk);
    const images = [{ ...disk, crc32: (disk.crc32 ^ 1) >>> 0 }, ...others];
    for (let time = 0; time < 2; time++) {
      const before = (await nginx.requests()).length;
      const vmnetfs = await wanted.mount({ ...request, images });
      await readFile(wanted.diskPath);
      await until('the damage is told', () => wanted.told.length > 0);
      await vmnetfs.unmount();
      await again();
      assert.deepEqual(wanted.told.splice(0), ['failed package-damaged']);
      assert.ok((await fetchedSince(before)).length > 0);
    }
  });

  it('are dropped one by one where they rotted here, and nobody is blamed', async () => {
    const request = await served();
    assert.deepEqual(await readAll(request), wanted.disk);
    const folder = await storedDisk();
    await rm(join(folder, 'verified'), { force: true });
    const data = await open(join(folder, 'data'), 'r+');
    await data.write(Buffer.from('rotten'), 0, 6, 11 * CHUNK_BYTES);
    await data.close();
    const vmnetfs = await wanted.mount(request);
    const [reports, stop] = reportsOf(vmnetfs);
    await eventually('the rot is found', () =>
      reports.at(-1)?.images.find(({ image }) => image === 'disk')?.damaged === 1
        ? true
        : undefined,
    );
    stop();
    assert.ok((await readFile(wanted.diskPath)).equals(wanted.disk));
    await until('the whole is found right', async () =>
      (await readdir(folder)).includes('verified'),
    );
    await vmnetfs.unmount();
    assert.deepEqual(wanted.told, []);
  });

  it('are not removed while they are read, or pinned, whatever the limit; then they are', async () => {
    const request = await served();
    const store = await ChunkStore.open({ ...wanted.request.store, limitBytes: 4096 });
    const vmnetfs = await wanted.mount(request);
    const reading = readFile(wanted.diskPath);
    while (
      !(await Promise.race([reading.then(() => true), store.enforceLimit().then(() => false)]))
    );
    assert.ok((await reading).equals(wanted.disk));
    assert.deepEqual((await store.enforceLimit()).evicted, []);
    await vmnetfs.unmount();
    await again();

    const keys = (await store.list()).map(({ key }) => key);
    for (const key of keys) assert.ok(await store.setPinned(key, true));
    assert.deepEqual((await store.enforceLimit()).evicted, []);
    const before = (await nginx.requests()).length;
    assert.ok((await readAll(request)).equals(wanted.disk));
    assert.deepEqual(await fetchedSince(before), []);
    for (const key of keys) await store.setPinned(key, false);
    assert.ok((await store.enforceLimit()).evicted.length > 0);
    assert.ok((await readAll(request)).equals(wanted.disk));
    assert.notDeepEqual(await fetchedSince(before), []);
    await store.close();
  });

  it('are not kept beyond the limit, and the machine is served all the same', async () => {
    const request = await served();
    const store = { ...wanted.request.store, limitBytes: 4096 };
    assert.ok((await readAll({ ...request, store })).equals(wanted.disk));
    assert.ok((await readAll({ ...request, store })).equals(wanted.disk));
    assert.ok(wanted.told.every((told) => told === 'not kept store-full'));
  });

  it('are not kept when the disk is full, which is said, and the machine is served all the same', async () => {
    const request = await served();
    // A file system that is too small for the image, which a namespace of its own has mounted.
    const small = join(wanted.folder, 'small');
    await mkdir(small);
    const line = `mount -t tmpfs -o size=1m,mode=0700 none '${small}'; echo ready; exec sleep 60`;
    const options = ['--user', '--mount', '--map-current-user', '--keep-caps', 'sh', '-euc', line];
    const holder = spawn('unshare', options, { stdio: ['ignore', 'pipe', 'ignore'] });
    try {
      await Promise.race([once(holder.stdout, 'data'), once(holder, 'exit')]);
      assert.equal(holder.exitCode, null, 'a namespace with a small file system can be made');
      const cacheDirectory = `/proc/${holder.pid ?? 0}/root${small}/vmnetx`;
      const store = { ...wanted.request.store, cacheDirectory };
      assert.ok((await readAll({ ...request, store })).equals(wanted.disk));
      assert.deepEqual(wanted.told, ['not kept host-no-space']);
      assert.ok((await readAll({ ...request, store })).equals(wanted.disk));
    } finally {
      holder.kill('SIGKILL');
    }
  });

  it('are kept nowhere if the store belongs to a newer version, which is said', async () => {
    const request = await served();
    await mkdir(wanted.request.store.cacheDirectory, { mode: 0o700 });
    await writeFile(join(wanted.request.store.cacheDirectory, 'store.json'), '{"format":2}');
    assert.ok((await readAll(request)).equals(wanted.disk));
    assert.deepEqual(wanted.told, ['not kept store-newer']);
    assert.ok(!(await readdir(wanted.request.store.cacheDirectory)).includes('images'));
  });

  it('are kept nowhere if their record is damaged while another machine uses it', async () => {
    const request = await served();
    const first = await wanted.mount(request);
    await readUncached(wanted.diskPath);
    const record = await open(join(await storedDisk(), 'record'), 'r+');
    await record.write(Buffer.from('what is this?'), 0, 13, 0);
    await record.close();
    const folder = await secondFolder();
    const second = await wanted.mount({ ...request, ...folder });
    assert.ok((await readFile(join(folder.directory ?? '', 'disk'))).equals(wanted.disk));
    assert.deepEqual(wanted.told, ['not kept store-unusable']);
    await second.unmount();
    assert.ok((await readFile(wanted.diskPath)).equals(wanted.disk));
    await first.unmount();
  });

  it('are told of by reports: numbers, and what changed since the last one', async () => {
    const vmnetfs = await wanted.mount(await served());
    const [reports, stop] = reportsOf(vmnetfs);
    await eventually('a first report', () => reports[0]);
    const file = await open(wanted.diskPath, 'r+');
    await file.read(Buffer.alloc(4096), 0, 4096, 3 * CHUNK_BYTES);
    await file.write(Buffer.alloc(4096, 1), 0, 4096, 7 * CHUNK_BYTES);
    await file.close();
    const states = (): ReadonlyMap<number, number> => {
      const found = new Map<number, number>();
      for (const { images } of reports) {
        const { changes = [] } = images.find(({ image }) => image === 'disk') ?? {};
        for (let at = 0; at + 2 < changes.length; at += 3) {
          for (let n = 0; n < (changes[at + 1] ?? 0); n++) {
            found.set((changes[at] ?? 0) + n, changes[at + 2] ?? 0);
          }
        }
      }
      return found;
    };
    await eventually('the reading is told of', () => (states().get(3) === 3 ? true : undefined));
    await eventually('the writing is told of', () =>
      ((states().get(7) ?? 0) & 4) !== 0 ? true : undefined,
    );
    const last = reports.at(-1);
    const disk = last?.images.find(({ image }) => image === 'disk');
    assert.equal(disk?.chunkCount, CHUNKS);
    assert.ok(disk.bytesRead >= 4096);
    assert.equal(disk.bytesWritten, 4096);
    assert.equal(disk.blocksModified, 1);
    assert.ok((last?.bytesReceived ?? 0) > CHUNK_BYTES);
    assert.deepEqual(last?.network, { away: false });
    stop();
    const count = reports.length;
    await new Promise((resolve) => setTimeout(resolve, 150));
    assert.ok(reports.length <= count + 1);
    await vmnetfs.unmount();
  });

  it('can be recorded as they are touched, and fetched ahead by such a record', async () => {
    const request = await served();
    const first = await wanted.mount(request);
    const order = [9, 2, 17];
    for (const chunk of order) await readUncached(wanted.diskPath, chunk * CHUNK_BYTES, 4096);
    const touches = (await first.touches()).filter(({ chunk }) => order.includes(chunk));
    assert.deepEqual(
      touches.map(({ chunk }) => chunk),
      order,
    );
    const times = touches.map(({ milliseconds }) => milliseconds);
    assert.deepEqual(
      times,
      [...times].sort((a, b) => a - b),
    );
    assert.deepEqual(await first.touches(), []);
    await first.unmount();
    await again();

    const elsewhere = { ...wanted.request.store, cacheDirectory: join(wanted.folder, 'cache2') };
    const second = await wanted.mount({ ...request, store: elsewhere });
    const [reports, stop] = reportsOf(second);
    await second.prefetch(touches);
    const present = () => reports.at(-1)?.images.find(({ image }) => image === 'disk');
    await eventually('they are there', () =>
      (present()?.chunksPresent ?? 0) >= order.length ? true : undefined,
    );
    const before = (await nginx.requests()).length;
    for (const chunk of order) {
      const bytes = await readUncached(wanted.diskPath, chunk * CHUNK_BYTES, 4096);
      assert.ok(
        bytes.equals(wanted.disk.subarray(chunk * CHUNK_BYTES, chunk * CHUNK_BYTES + 4096)),
      );
    }
    for (const { first, last } of await fetchedSince(before)) {
      const { offset = 0 } = wanted.request.images[0] ?? {};
      const chunks = order.map((chunk) => offset + chunk * CHUNK_BYTES);
      assert.ok(chunks.every((begin) => last < begin || first >= begin + CHUNK_BYTES));
    }
    stop();
    await second.unmount();
  });
});

interface Range {
  readonly first: number;
  readonly last: number;
}

/** Reads without the kernel's read-ahead having a say. */
async function readUncached(path: string, position = 0, length = 0): Promise<Buffer> {
  const file = await open(path);
  try {
    const bytes = length === 0 ? (await file.stat()).size : length;
    const { buffer } = await file.read(Buffer.alloc(bytes), 0, bytes, position);
    return buffer;
  } finally {
    await file.close();
  }
}

type Report = Parameters<Parameters<Vmnetfs['statistics']>[0]>[0];

function reportsOf(vmnetfs: Vmnetfs): [readonly Report[], () => void] {
  const reports: Report[] = [];
  const stop = vmnetfs.statistics((report) => reports.push(report), 50);
  return [reports, stop];
}
