import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CHUNK_BYTES } from '../../../src/core/image/index.js';
import { faults, folderFiles, startFaultServer } from '../../support/fault-server/index.js';
import { output } from '../../support/programs.js';
import { seeded } from '../../support/random.js';
import { checkStore, imageOf } from '../../support/store-checker.js';
import { until } from '../../support/wait.js';
import { ownProcesses, PackageToMount } from './mounted-package.js';

const SEED = 20_261_121;
const KILLS = 24;
const CHUNKS = 96;

describe('a vmnetfs that is killed in the middle of fetching', function () {
  this.timeout(120_000);

  it(`leaves nothing wrong in the store, ${KILLS} times (seed ${SEED})`, async () => {
    const random = seeded(SEED);
    await using wanted = await PackageToMount.create(CHUNKS);
    await using server = await startFaultServer({ files: folderFiles(wanted.folder) });
    // Else all of it would be there before anybody can be killed.
    server.faults.add({ when: { where: ({ turn }) => turn > 0 }, fault: faults.slowStart(4) });
    const [file] = [await folderFiles(wanted.folder)('/a.nxpk')];
    assert.ok(file);
    const request = wanted.servedAt(server.origin, {
      etag: file.etag,
      lastModified: file.lastModified === null ? null : file.lastModified.toUTCString(),
    });
    const { store } = wanted.request;
    const originOf = ({ member }: { readonly member: string }): Buffer =>
      member === 'disk.img' ? wanted.disk : wanted.memory;

    let inTheMiddle = 0;
    for (let kill = 0; kill < KILLS || inTheMiddle < 20; kill++) {
      assert.ok(kill < 3 * KILLS, `only ${inTheMiddle} kills were in the middle of fetching`);
      await mkdir(wanted.directory, { recursive: true });
      await wanted.mount(request);
      const [pid = 0] = await ownProcesses();
      // Another process reads: one that waits for its own child's mount could not kill it.
      const first = Math.floor(random() * CHUNKS);
      const reader = spawn('dd', [
        `if=${wanted.diskPath}`,
        'of=/dev/null',
        `bs=${CHUNK_BYTES}`,
        `skip=${first}`,
        'status=none',
      ]);
      const read = once(reader, 'close');
      reader.stderr.resume();
      const asked = server.requests.length;
      await until('something is fetched', () => server.requests.length > asked || reader.exitCode !== null); // prettier-ignore
      await sleep(random() * 40);
      process.kill(pid, 'SIGKILL');
      await read;
      await until('the mount is gone', async () => (await ownProcesses()).length === 0);
      await output('fusermount3', '-u', '-z', '-q', wanted.directory).catch(() => '');

      for (const runtimeDirectory of [store.runtimeDirectory, null]) {
        const disk = imageOf(
          await checkStore({ ...store, runtimeDirectory }, originOf),
          'disk.img',
        );
        assert.deepEqual(disk.wrong, [], `after kill ${kill}`);
        if (runtimeDirectory === null) continue;
        if (disk.present.length < CHUNKS) inTheMiddle++;
        else await rm(store.cacheDirectory, { recursive: true });
      }
    }

    await mkdir(wanted.directory, { recursive: true });
    await wanted.mount(request);
    assert.ok((await readFile(wanted.diskPath)).equals(wanted.disk));
    // The checker would have noticed.
    const images = await checkStore(store, originOf);
    const { key } = imageOf(images, 'disk.img');
    const data = await open(`${store.cacheDirectory}/images/${key}/data`, 'r+');
    await data.write(Buffer.from('planted'), 0, 7, 3 * CHUNK_BYTES);
    await data.close();
    assert.deepEqual(imageOf(await checkStore(store, originOf), 'disk.img').wrong, [3]);
    assert.ok(dirname(store.cacheDirectory) === wanted.folder);
  });
});
