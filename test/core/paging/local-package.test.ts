import assert from 'node:assert/strict';
import { constants } from 'node:os';
import type { VmnetxError } from '../../../src/core/errors/index.js';
import { openSource } from '../../../src/core/fetch/index.js';
import { CHUNK_BYTES, flatLayout } from '../../../src/core/image/index.js';
import { Pager, type NetworkState } from '../../../src/core/paging/index.js';
import { MountedImages } from '../chunkfs/mounted-images.js';
import { MemoryMount } from './memory-mount.js';

const MEBIBYTE = 2 ** 20;
/** Chunks of the bad disk that can be read: what a package begins with. */
const GOOD_CHUNKS = 16;

describe('A package on a disk of this computer', () => {
  let badDisk: MountedImages;

  beforeEach(async () => {
    badDisk = await MountedImages.create({
      sizeBytes: 4 * MEBIBYTE,
      chunkBytes: CHUNK_BYTES,
      onMiss: ({ chunk }, self) => {
        if (chunk < GOOD_CHUNKS) void self.deliver(chunk);
        else self.mount.failChunk('disk', chunk, constants.errno.EIO);
      },
    });
  });

  afterEach(() => badDisk.close());

  it('that has bad blocks is an error at once, and the network is not to blame', async () => {
    const { path, origin } = badDisk;
    const { signal } = new AbortController();
    const source = await openSource({ kind: 'file', path, label: path }, { signal });
    const images = new Map([['disk', flatLayout({ offset: 0, length: origin.length })]]);
    const failures: VmnetxError[] = [];
    const network: NetworkState[] = [];
    const pager = new Pager({
      source,
      images,
      listener: {
        onNetwork: (state) => network.push(state),
        onFailed: (error) => failures.push(error),
      },
    });
    const mount = new MemoryMount(images);
    mount.tell(pager);
    pager.attach(mount);
    try {
      assert.ok((await mount.read('disk', 5000, 100)).equals(origin.subarray(5000, 5100)));
      await assert.rejects(mount.read('disk', 24 * CHUNK_BYTES, 100), /EIO/);
      assert.deepEqual(
        failures.map(({ code, retryable }) => [code, retryable]),
        [['host-input-output', true]],
      );
      assert.equal(pager.statistics().retries, 0);
      assert.deepEqual(network, []);
    } finally {
      pager.stop();
      await source.close();
    }
  });
});
