import assert from 'node:assert/strict';
import { CHUNK_BYTES } from '../../../src/core/image/index.js';
import { startDelayProxy, type DelayProxy } from '../../support/delay-proxy.js';
import { bytesFile, startFaultServer, type FaultServer } from '../../support/fault-server/index.js';
import { until } from '../../support/wait.js';
import { disk, file, PagedPackage } from './paged-package.js';

const at = (chunk: number): number => chunk * CHUNK_BYTES;
const TIMEOUTS = { connect: 400, headers: 400, stall: 400 };

describe('A network that goes away and tells nobody', () => {
  let server: FaultServer;
  let proxy: DelayProxy;

  beforeEach(async () => {
    server = await startFaultServer({ files: { '/a.nxpk': bytesFile(file) } });
    const link = { roundTripMilliseconds: 10, bitsPerSecond: 8_000_000 };
    proxy = await startDelayProxy({ ...link, port: server.port });
  });

  afterEach(async () => {
    await proxy.stop();
    await server.stop();
  });

  const page = async (): Promise<PagedPackage> =>
    (await PagedPackage.on(server, { random: () => 0.2 }, proxy.origin, TIMEOUTS)).attach();

  const readChunk = async (paged: PagedPackage, chunk: number): Promise<void> => {
    const bytes = await paged.read(at(chunk), CHUNK_BYTES);
    assert.ok(bytes.equals(disk.subarray(at(chunk), at(chunk + 1))));
  };

  const assertHealed = (paged: PagedPackage): void => {
    assert.deepEqual(paged.network.at(-1), { away: false });
    assert.equal(paged.network.filter(({ away }) => !away).length, 1);
    assert.deepEqual([paged.failures, paged.mount.failed], [[], []]);
  };

  for (const fate of ['stall', 'reset'] as const) {
    it(`is told, and heals when it is back (old connections: ${fate})`, async () => {
      await using paged = await page();
      await readChunk(paged, 0);
      await proxy.cut();
      const reads = [20, 40, 60].map((chunk) => readChunk(paged, chunk));
      await until('the network is away', () => paged.network.length > 0, 3000);
      const [told] = paged.network;
      assert.ok(told?.away === true);
      assert.match(told.error.code, /^network-/);
      await proxy.restore(fate);
      await Promise.all(reads);
      assertHealed(paged);
    });

    it(`takes nothing from what came before (old connections: ${fate})`, async () => {
      await using paged = await page();
      const reads = [10, 30, 50, 70].map((chunk) => readChunk(paged, chunk));
      await until('the first bytes', () => paged.pager.statistics().bytesDelivered > 100_000);
      await proxy.cut();
      await until('the network is away', () => paged.network.length > 0, 3000);
      const before = paged.pager.statistics().bytesDelivered;
      await proxy.restore(fate);
      await Promise.all(reads);
      await paged.pager.settle();
      assertHealed(paged);
      assert.ok(before > 100_000);
      assert.equal(paged.pager.statistics().bytesDelivered, 4 * CHUNK_BYTES);
    });
  }
});
