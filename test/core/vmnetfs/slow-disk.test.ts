import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { folderFiles, startFaultServer } from '../../support/fault-server/index.js';
import { compilePreload } from '../../support/preload.js';
import { checkStore, imageOf } from '../../support/store-checker.js';
import { Program } from '../chunkfs/mounted-images.js';
import { PackageToMount } from './mounted-package.js';

/** More than waits in memory to be stored. */
const CHUNKS = 640;

describe('a vmnetfs whose disk is slower than its network', function () {
  this.timeout(60_000);
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'slow-disk-'));
    process.env['LD_PRELOAD'] = await compilePreload('slow-disk', folder);
    process.env['SLOW_DISK_MICROSECONDS'] = '5000';
  });

  after(async () => {
    delete process.env['LD_PRELOAD'];
    delete process.env['SLOW_DISK_MICROSECONDS'];
    await rm(folder, { recursive: true });
  });

  it('serves every byte right, fetches no faster than it stores, and keeps what there is time for', async () => {
    await using wanted = await PackageToMount.create(CHUNKS);
    await using server = await startFaultServer({ files: folderFiles(wanted.folder) });
    const [file] = [await folderFiles(wanted.folder)('/a.nxpk')];
    assert.ok(file);
    const request = wanted.servedAt(server.origin, {
      etag: file.etag,
      lastModified: file.lastModified === null ? null : file.lastModified.toUTCString(),
    });
    const mounted = await wanted.mount(request);
    const begin = performance.now();
    const { output: bytes } = await new Program('cat', wanted.diskPath).ended;
    assert.ok(bytes.equals(wanted.disk));
    // Two threads store; what is left in memory then is at most 32 MiB and what was under way.
    const least = ((CHUNKS - 256 - 8 * 8) / 2) * 5;
    assert.ok(performance.now() - begin > least, `${performance.now() - begin} ms`);
    await mounted.unmount();
    const images = await checkStore(wanted.request.store, ({ member }) =>
      member === 'disk.img' ? wanted.disk : wanted.memory,
    );
    const { wrong, present } = imageOf(images, 'disk.img');
    // At its end it waits only a moment for what is still in memory.
    assert.equal(wrong.length, 0);
    assert.ok(present.length >= CHUNKS - 256, `${present.length} chunks are kept`);
    assert.deepEqual(wanted.told, []);
  });
});
