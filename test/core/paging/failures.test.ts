import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { CHUNK_BYTES } from '../../../src/core/image/index.js';
import {
  bytesFile,
  faults,
  startFaultServer,
  type FaultServer,
} from '../../support/fault-server/index.js';
import { seeded } from '../../support/random.js';
import { until } from '../../support/wait.js';
import { disk, DISK_BYTES, file, HEAD, PagedPackage } from './paged-package.js';

const at = (chunk: number, offset = 0): number => chunk * CHUNK_BYTES + offset;
/** Where a chunk lies in the package. */
const contains = (chunk: number): { readonly contains: number } => ({ contains: HEAD + at(chunk) });
/** Short pauses, always the same. */
const random = (): number => 0.2;

describe('Fetches that fail', () => {
  let server: FaultServer;

  beforeEach(async () => {
    server = await startFaultServer({ files: { '/a.nxpk': bytesFile(file) } });
  });

  afterEach(async () => {
    await server.stop();
  });

  async function page(): Promise<PagedPackage> {
    return (await PagedPackage.on(server, { random })).attach();
  }

  it('go on at the byte where they broke', async () => {
    await using paged = await page();
    server.faults.add({ when: { ...contains(4), times: 1 }, fault: faults.shortBody(70_001) });
    const bytes = await paged.read(at(4), CHUNK_BYTES);
    assert.ok(bytes.equals(disk.subarray(at(4), at(5))));
    assert.deepEqual(paged.asked, [
      [at(4), at(5)],
      [at(4, 70_001), at(5)],
    ]);
    const { retries, requests } = paged.pager.statistics();
    assert.deepEqual([retries, requests, paged.network, paged.failures], [1, 2, [], []]);
  });

  it('go on so however often they break', async () => {
    await using paged = await page();
    server.faults.add({ fault: faults.shortBody(10_000) });
    const bytes = await paged.read(at(4), CHUNK_BYTES);
    assert.ok(bytes.equals(disk.subarray(at(4), at(5))));
    assert.deepEqual(
      paged.asked.map(([begin]) => begin - at(4)),
      [...Array(14).keys()].map((index) => index * 10_000),
    );
    // It comes forward each time: the network is there.
    assert.deepEqual([paged.network, paged.failures], [[], []]);
  });

  it('are not told when the second try brings it', async () => {
    await using paged = await page();
    server.faults.add({ when: { ...contains(4), times: 1 }, fault: faults.status(503) });
    await paged.read(at(4), 1);
    await paged.pager.settle();
    assert.deepEqual([paged.network, paged.pager.statistics().retries], [[], 1]);
  });

  it('wait for as long as the server wants, and tell so after a second', async () => {
    await using paged = await page();
    server.faults.add({ when: { ...contains(4), times: 1 }, fault: faults.busy(503, '2') });
    const begin = performance.now();
    await paged.read(at(4), 1);
    const milliseconds = performance.now() - begin;
    assert.ok(milliseconds >= 1990 && milliseconds < 3000, `${milliseconds} ms`);
    const [away, back, ...more] = paged.network;
    assert.ok(away?.away === true && away.error.code === 'server-busy' && away.tries === 1);
    assert.deepEqual([back, more], [{ away: false }, []]);
  });

  it('heal when the network is back after 3 s, for everybody at once', async () => {
    await using paged = await page();
    await server.goDown();
    const before = Date.now();
    const reads = [3, 10, 20, 30, 40, 50, 60, 70, 80, 90].map((chunk) => paged.read(at(chunk), 1));
    await until('the network is away', () => paged.network.length > 0);
    await sleep(3000);
    const told = paged.network.length;
    await server.comeUp();
    await Promise.all(reads);
    await paged.pager.settle();
    const first = paged.network[0];
    const last = paged.network[told - 1];
    assert.ok(first?.away === true && last?.away === true);
    assert.equal(first.error.code, 'network-refused');
    assert.ok(first.since >= before && first.since <= before + 1000);
    assert.equal(last.since, first.since);
    assert.ok(last.tries > first.tries, `${first.tries}, ${last.tries}`);
    assert.deepEqual(paged.network.at(-1), { away: false });
    assert.equal(paged.network.filter(({ away }) => !away).length, 1);
    assert.deepEqual([paged.pager.statistics().network, paged.failures], [{ away: false }, []]);
  });

  it('are tried one at a time while the network is away, the oldest again and again', async () => {
    await using paged = await page();
    server.faults.add({ fault: faults.status(500) });
    const reads = [5, 60, 70].map((chunk) => paged.read(at(chunk), 1));
    await until('the network is away', () => paged.network.length > 0);
    await sleep(300);
    const begun = server.requests.length;
    const later = paged.read(at(90), 1);
    await sleep(2500);
    const probes = paged.asked.slice(begun - 1);
    assert.ok(probes.length >= 2 && probes.length <= 8, String(probes));
    assert.ok(
      probes.every(([begin]) => begin === at(5)),
      String(probes),
    );
    server.faults.clear();
    await Promise.all([...reads, later]);
  });

  it('are nobody’s business as long as nobody waits', async () => {
    await using paged = await page();
    server.faults.add({ when: { ...contains(40), times: 3 }, fault: faults.status(502) });
    paged.pager.prefetch([{ image: 'disk', chunk: 40 }]);
    await until('the chunk', () => paged.mount.isPresent('disk', 40));
    assert.deepEqual([paged.network, paged.pager.statistics().retries], [[], 3]);
  });

  it('are tried again at once when somebody begins to wait', async () => {
    await using paged = await page();
    server.faults.add({ when: { ...contains(40), times: 1 }, fault: faults.busy(429, '30') });
    paged.pager.prefetch([{ image: 'disk', chunk: 40 }]);
    await until('the failure', () => server.requests.some(({ status }) => status === 429));
    await sleep(50);
    await paged.read(at(40), 1);
  });

  it('are errors for their readers and told once where they cannot heal', async () => {
    await using paged = await page();
    const both = { contains: HEAD + at(5) - 1 };
    server.faults.add({ when: both, fault: faults.status(403) });
    await assert.rejects(paged.read(at(4, 70_000), 1), /EIO/);
    await assert.rejects(paged.read(at(4), 1), /EIO/);
    await paged.pager.settle();
    assert.deepEqual(
      paged.failures.map(({ code }) => code),
      ['server-forbidden'],
    );
    assert.deepEqual(paged.mount.failed, ['disk 4', 'disk 4']);
    assert.equal(paged.mount.claimed.has('disk 4'), false);
    server.faults.clear();
    assert.ok((await paged.read(at(4), 10)).equals(disk.subarray(at(4), at(4, 10))));
  });

  it('are dropped where they cannot heal and nobody waits', async () => {
    await using paged = await page();
    const rule = server.faults.add({ when: contains(6), fault: faults.status(404) });
    for (const chunk of [0, 1, 2, 3]) await paged.read(at(chunk), CHUNK_BYTES);
    await until('the failure', () => rule.hits > 0);
    await sleep(100);
    assert.deepEqual([paged.failures, paged.mount.failed, rule.hits], [[], [], 1]);
    await assert.rejects(paged.read(at(6), 1), /EIO/);
    assert.equal(paged.failures[0]?.code, 'server-not-found');
  });

  it('tell every reader of a package that has changed', async () => {
    await using paged = await page();
    server.replace('/a.nxpk', bytesFile(Buffer.alloc(file.length), { etag: '"two"' }));
    const reads = [1, 20, 40].map((chunk) => assert.rejects(paged.read(at(chunk), 1), /EIO/));
    await Promise.all(reads);
    assert.deepEqual(
      paged.failures.map(({ code }) => code),
      ['package-changed'],
    );
    assert.equal(paged.pager.statistics().bytesDelivered, 0);
  });

  it('tell that a package has changed also where nobody waits for it yet', async () => {
    await using paged = await page();
    server.faults.add({ when: contains(6), fault: faults.status(412) });
    for (const chunk of [0, 1, 2, 3]) await paged.read(at(chunk), CHUNK_BYTES);
    await until('it is told', () => paged.failures.length > 0);
    const codes = paged.failures.map(({ code }) => code);
    assert.deepEqual([codes, paged.mount.failed], [['package-changed'], []]);
  });

  it('end with the pager, also in the middle of a pause', async () => {
    await using paged = await page();
    await server.goDown();
    const reading = assert.rejects(paged.read(at(4), 1), /EIO/);
    await until('the network is away', () => paged.network.length > 0);
    paged.pager.stop();
    await reading;
    await paged.pager.settle();
    assert.deepEqual(paged.failures, []);
  });

  it('never bring a wrong byte to many readers of a very bad server', async () => {
    await using paged = await page();
    const seed = Date.now() % 2 ** 31;
    const share = (of: number, salt: number) => ({ share: { of, seed: seed + salt } });
    server.faults.add({ when: share(0.1, 1), fault: faults.status(503) });
    server.faults.add({ when: share(0.1, 2), fault: faults.resetBeforeHeaders });
    server.faults.add({ when: share(0.1, 3), fault: faults.resetAt(50_000) });
    server.faults.add({ when: share(0.1, 4), fault: faults.shortBody(33_333) });
    server.faults.add({ when: share(0.1, 5), fault: faults.closeBeforeHeaders });
    const reader = async (number: number): Promise<void> => {
      const next = seeded(seed + 10 + number);
      for (let run = 0; run < 6; run++) {
        let offset = Math.floor(next() * DISK_BYTES);
        for (let reads = Math.floor(next() * 40); reads >= 0 && offset < DISK_BYTES; reads--) {
          const length = Math.min(1 + Math.floor(next() * 60_000), DISK_BYTES - offset);
          const bytes = await paged.read(offset, length);
          const right = bytes.equals(disk.subarray(offset, offset + length));
          assert.ok(right, `seed ${seed}: ${length} bytes at ${offset}`);
          offset += length;
        }
      }
    };
    await Promise.all([...Array(6).keys()].map(reader));
    await paged.pager.settle();
    assert.deepEqual([paged.failures, paged.mount.failed], [[], []], `seed ${seed}`);
    assert.ok(paged.pager.statistics().retries > 0, `seed ${seed}`);
  }).timeout(60_000);
});
