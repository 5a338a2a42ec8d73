import assert from 'node:assert/strict';
import { constants } from 'node:fs';
import { mkdir, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mountImages, type ImageMount } from '../../../src/core/chunkfs/index.js';
import { CHUNK_BYTES } from '../../../src/core/image/index.js';
import { startDelayProxy } from '../../support/delay-proxy.js';
import {
  bytesFile,
  faults,
  startFaultServer,
  type FaultServer,
} from '../../support/fault-server/index.js';
import { seeded } from '../../support/random.js';
import { Program } from '../chunkfs/mounted-images.js';
import { disk, DISK_BYTES, DISK_CHUNKS, file, PagedPackage } from './paged-package.js';

/** The disk of a package on a real mount. */
class MountedDisk implements AsyncDisposable {
  private constructor(
    readonly paged: PagedPackage,
    readonly path: string,
    private readonly folder: string,
    private readonly mount: ImageMount,
  ) {}

  static async on(server: FaultServer, origin = server.origin): Promise<MountedDisk> {
    const paged = await PagedPackage.on(server, { random: () => 0.2 }, origin);
    const folder = await mkdtemp(join(tmpdir(), 'paging-'));
    const directory = join(folder, 'mount');
    await mkdir(directory);
    await using pristine = await open(join(folder, 'pristine'), 'w+');
    await using overlay = await open(join(folder, 'overlay'), 'w+');
    await pristine.truncate(DISK_BYTES);
    const image = { name: 'disk', sizeBytes: DISK_BYTES, chunkBytes: CHUNK_BYTES };
    const mount = await mountImages({
      directory,
      images: [{ ...image, pristine: pristine.fd, overlay: overlay.fd, waitMilliseconds: null }],
      onMiss: (missing) => {
        paged.pager.miss(missing);
      },
      onMark: (marked) => {
        paged.pager.marked(marked);
      },
      onEnd: () => undefined,
    });
    paged.pager.attach(mount);
    return new MountedDisk(paged, join(directory, 'disk'), folder, mount);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.paged[Symbol.asyncDispose]();
    await this.mount.unmount();
    await rm(this.folder, { recursive: true });
  }
}

async function readWhole(path: string): Promise<void> {
  const { output, errors } = await new Program('cat', path).ended;
  assert.equal(errors, '');
  assert.ok(output.equals(disk));
}

describe('A mount with a pager', () => {
  let server: FaultServer;

  beforeEach(async () => {
    server = await startFaultServer({ files: { '/a.nxpk': bytesFile(file) } });
  });

  afterEach(async () => {
    await server.stop();
  });

  it('is read from front to back in growing ranges, and nothing is asked for twice', async () => {
    await using mounted = await MountedDisk.on(server);
    await readWhole(mounted.path);
    const chunks = mounted.paged.asked.map(([begin, end]) =>
      Math.ceil((end - begin) / CHUNK_BYTES),
    );
    assert.equal(mounted.paged.askedTwice, 0);
    assert.equal(Math.max(...chunks), 8);
    assert.ok(chunks.length < DISK_CHUNKS / 3, String(chunks));
    assert.ok((chunks[0] ?? 0) <= 2, String(chunks));
  });

  it('asks first for what a reader of a random place wants', async () => {
    await using mounted = await MountedDisk.on(server);
    const offset = 50 * CHUNK_BYTES + 73_728;
    const { output } = await Program.reading(mounted.path, offset, 4096, true).ended;
    assert.ok(output.equals(disk.subarray(offset, offset + 4096)));
    await mounted.paged.pager.settle();
    assert.deepEqual(mounted.paged.asked, [
      [offset, 51 * CHUNK_BYTES],
      [50 * CHUNK_BYTES, offset],
    ]);
  });

  it('has the right bytes for many readers of random places over a narrow link', async () => {
    const link = { roundTripMilliseconds: 20, bitsPerSecond: 50_000_000, port: server.port };
    await using proxy = await startDelayProxy(link);
    await using mounted = await MountedDisk.on(server, proxy.origin);
    const seed = Date.now() % 2 ** 31;
    const random = seeded(seed);
    const file = await open(mounted.path, constants.O_RDONLY | constants.O_DIRECT);
    const reader = async (): Promise<void> => {
      for (let reads = 0; reads < 40; reads++) {
        const buffer = Buffer.alloc(4096 * (1 + Math.floor(random() ** 4 * 40)));
        const offset = Math.floor((random() * (DISK_BYTES - buffer.length)) / 4096) * 4096;
        await file.read(buffer, 0, buffer.length, offset);
        const right = buffer.equals(disk.subarray(offset, offset + buffer.length));
        assert.ok(right, `seed ${seed}: ${buffer.length} bytes at ${offset}`);
      }
    };
    try {
      await Promise.all([reader(), reader(), reader(), reader()]);
    } finally {
      await file.close();
    }
    await mounted.paged.quiet();
    assert.equal(mounted.paged.askedTwice, 0, `seed ${seed}`);
    assert.deepEqual(mounted.paged.failures, [], `seed ${seed}`);
  });

  it('has the right bytes for many readers, however bad the server is', async () => {
    await using mounted = await MountedDisk.on(server);
    const seed = Date.now() % 2 ** 31;
    const share = (salt: number) => ({ share: { of: 0.07, seed: seed + salt } });
    server.faults.add({ when: share(1), fault: faults.status(500) });
    server.faults.add({ when: share(2), fault: faults.resetBeforeHeaders });
    server.faults.add({ when: share(3), fault: faults.resetAt(50_000) });
    server.faults.add({ when: share(4), fault: faults.shortBody(33_333) });
    const random = seeded(seed);
    const reader = async (): Promise<void> => {
      for (let reads = 0; reads < 12; reads++) {
        const length = 4096 * (1 + Math.floor(random() * 100));
        const offset = Math.floor((random() * (DISK_BYTES - length)) / 4096) * 4096;
        const direct = random() < 0.5;
        const { output } = await Program.reading(mounted.path, offset, length, direct).ended;
        const right = output.equals(disk.subarray(offset, offset + length));
        assert.ok(right, `seed ${seed}: ${length} bytes at ${offset}`);
      }
    };
    await Promise.all([reader(), reader(), reader(), reader(), readWhole(mounted.path)]);
    await mounted.paged.pager.settle();
    assert.deepEqual(mounted.paged.failures, [], `seed ${seed}`);
    assert.equal(mounted.paged.pager.statistics().chunksFetched, DISK_CHUNKS, `seed ${seed}`);
  });
});
