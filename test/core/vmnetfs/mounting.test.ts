import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { appendFile, open, readdir, readFile, stat } from 'node:fs/promises';
import { newAccess } from '../../../src/core/fetch/index.js';
import { isMounted } from '../../support/mounts.js';
import { until } from '../../support/wait.js';
import { startServer } from '../../support/scripted-server.js';
import { ownProcesses, PackageToMount } from './mounted-package.js';

describe('a package that vmnetfs mounts', () => {
  let wanted: PackageToMount;

  beforeEach(async () => {
    wanted = await PackageToMount.create();
  });

  afterEach(async () => {
    await wanted[Symbol.asyncDispose]();
    assert.deepEqual(await ownProcesses(), []);
  });

  it('has the bytes of its images, and nothing else', async () => {
    const vmnetfs = await wanted.mount();
    assert.deepEqual((await readdir(wanted.directory)).sort(), ['disk', 'memory']);
    assert.ok((await readFile(wanted.diskPath)).equals(wanted.disk));
    assert.ok((await readFile(wanted.memoryPath)).equals(wanted.memory));
    await vmnetfs.unmount();
    assert.deepEqual(wanted.told, []);
  });

  it('keeps what is written to itself, and forgets it', async () => {
    const first = await wanted.mount({ removeAfter: null });
    const file = await open(wanted.diskPath, 'r+');
    await file.write('written', 200_000);
    await file.close();
    const expected = Buffer.from(wanted.disk);
    expected.write('written', 200_000);
    assert.ok((await readFile(wanted.diskPath)).equals(expected));
    await first.unmount();
    await wanted.mount();
    assert.ok((await readFile(wanted.diskPath)).equals(wanted.disk));
    // Of a package that is here anyway nothing is kept.
    for (const folder of ['cache', 'overlay']) {
      assert.deepEqual(await readdir(`${wanted.folder}/${folder}`), []);
    }
  });

  it('is unmounted as often as one likes, with its folder and its process', async () => {
    const vmnetfs = await wanted.mount();
    const file = await open(wanted.diskPath);
    await Promise.all([vmnetfs.unmount(), vmnetfs.unmount()]);
    await vmnetfs.unmount();
    await assert.rejects(file.read(Buffer.alloc(1), 0, 1, 0), { code: 'ENOTCONN' });
    await file.close().catch(() => undefined);
    assert.ok(!(await isMounted(wanted.directory)));
    assert.ok(!existsSync(wanted.request.removeAfter ?? '/'));
    assert.deepEqual(wanted.told, []);
    await assert.rejects(vmnetfs.settle(), { code: 'host-pages-lost' });
  });

  it('is refused when it is not the one that was checked', async () => {
    await appendFile(wanted.path, 'more');
    await assert.rejects(wanted.mount(), { code: 'package-changed', status: 65 });
    assert.ok(!existsSync(wanted.request.removeAfter ?? '/'));
    assert.deepEqual(wanted.told, []);
  });

  it('is not read any more when it is changed later', async () => {
    await wanted.mount();
    const file = await open(wanted.path, 'r+');
    await file.write('x', (await stat(wanted.path)).size - 1);
    await file.close();
    const disk = await open(wanted.diskPath);
    const end = wanted.disk.length - 100;
    await assert.rejects(disk.read(Buffer.alloc(100), 0, 100, end), { code: 'EIO' });
    await disk.close();
    await until('it is told', () => wanted.told.length > 0);
    assert.ok(
      wanted.told.every((what) => what === 'failed package-changed'),
      wanted.told.join(),
    );
  });

  it('is not mounted where nothing can be mounted, and leaves nothing', async () => {
    const directory = `${wanted.folder}/none`;
    await assert.rejects(wanted.mount({ directory }), { code: 'host-mount-failed' });
    assert.deepEqual(wanted.told, []);
  });

  it('is given up when nobody wants it any more, and leaves nothing', async () => {
    await using server = await startServer(() => undefined);
    const controller = new AbortController();
    const place = wanted.servedAt(server.origin, { etag: null, lastModified: null });
    const mounting = wanted.mount(place, controller.signal);
    await until('the server is asked', () => server.requests.length > 0);
    controller.abort();
    await assert.rejects(mounting, { name: 'AbortError' });
    assert.ok(!(await isMounted(wanted.directory)));
    await assert.rejects(wanted.mount({}, AbortSignal.abort()), { name: 'AbortError' });
  });

  it('is not asked of a private network when it was opened from a link', async () => {
    await using server = await startServer(() => undefined);
    const place = wanted.servedAt(server.origin, { etag: null, lastModified: null });
    const access = newAccess({ privateNetworks: false, privateHosts: [] });
    await assert.rejects(wanted.mount({ ...place, access }), { code: 'network-private-address' });
    assert.equal(server.requests.length, 0);
    const privateHosts = [{ address: '127.0.0.0', family: 'ipv4', prefix: 8 }] as const;
    const allowed = newAccess({ privateNetworks: false, privateHosts });
    const controller = new AbortController();
    const mounting = wanted.mount({ ...place, access: allowed }, controller.signal);
    await until('the server is asked', () => server.requests.length > 0);
    controller.abort();
    await assert.rejects(mounting, { name: 'AbortError' });
  });

  it('says so when no process can be started', async () => {
    const unheard: unknown[] = [];
    const hear = (reason: unknown): void => void unheard.push(reason);
    process.on('unhandledRejection', hear);
    const node = process.execPath;
    process.execPath = '/nonexistent/node';
    try {
      await assert.rejects(wanted.mount(), { code: 'host-pages-lost' });
      await new Promise(setImmediate);
    } finally {
      process.execPath = node;
      process.off('unhandledRejection', hear);
    }
    assert.deepEqual([wanted.told, unheard], [[], []]);
  });
});
