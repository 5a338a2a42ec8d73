import assert from 'node:assert/strict';
import { CHUNK_BYTES } from '../../../src/core/image/index.js';
import { bytesFile, faults, type Version } from '../../support/fault-server/index.js';
import { until } from '../../support/wait.js';
import {
  assertRight,
  assertStoreRight,
  BadServerSession,
  CHUNK,
  CHUNKS,
  LATER_CHUNK,
  PATH,
} from './bad-server-session.js';

const DATE = new Date('2015-01-01T00:00:00Z');
const LATER_DATE = new Date('2016-01-01T00:00:00Z');

/** How a server tells two versions of a file apart, if at all. */
interface Telling {
  readonly title: string;
  readonly before: Version;
  readonly after: Version;
  readonly isLonger?: boolean;
}

const TELLING: readonly Telling[] = [
  {
    title: 'another entity tag',
    before: { etag: '"one"', lastModified: DATE },
    after: { etag: '"two"', lastModified: DATE },
  },
  {
    title: 'another weak entity tag',
    before: { etag: 'W/"one"', lastModified: null },
    after: { etag: 'W/"two"', lastModified: null },
  },
  {
    title: 'another date only',
    before: { etag: null, lastModified: DATE },
    after: { etag: null, lastModified: LATER_DATE },
  },
  {
    title: 'another size only',
    before: { etag: null, lastModified: null },
    after: { etag: null, lastModified: null },
    isLonger: true,
  },
];

describe('a package that is replaced in the middle of a session', function () {
  this.timeout(30_000);

  for (const { title, before, after, isLonger = false } of TELLING) {
    it(`by one with ${title}: no byte of it gets to the guest or to the store`, async () => {
      await using session = await BadServerSession.start({ version: before });
      await assertRight(session, CHUNK);
      const other = Buffer.alloc(session.bytes.length + (isLonger ? 1 : 0), 'x');
      session.server.replace(PATH, bytesFile(other, after));

      for (const chunk of [LATER_CHUNK, LATER_CHUNK + 1]) {
        assert.equal(await session.read(chunk), 'EIO');
      }
      assert.deepEqual(
        session.failures.map(({ code }) => code),
        ['package-changed'],
      );
      // What is here already is still served.
      await assertRight(session, CHUNK);
      await assertStoreRight(session, CHUNK);
      assert.deepEqual((await session.storedDisk()).present, [CHUNK]);
    });
  }

  // Nothing tells such a package from the right one before all of it is there.
  for (const version of [
    { etag: '"one"', lastModified: DATE },
    { etag: null, lastModified: null },
  ]) {
    const validators = version.etag === null ? 'no validators' : 'the same validators';
    it(`by one with ${validators}: nothing is kept, and the user is told in the end`, async () => {
      await using session = await BadServerSession.start({ version });
      await assertRight(session, CHUNK);
      const rule = session.server.faults.add({
        fault: faults.wrongBytes(5),
        when: { contains: session.offsetOf(LATER_CHUNK) },
      });
      for (let chunk = 0; chunk < CHUNKS; chunk++) await session.read(chunk);
      assert.equal(rule.hits, 1);
      await until('the user is told', () => session.failures.length > 0);
      assert.deepEqual(
        session.failures.map(({ code, message }) => [code, message]),
        [
          [
            'package-damaged',
            `${session.server.origin}/a.nxpk is damaged: its disk is not what its publisher packed.`,
          ],
        ],
      );
      assert.deepEqual((await session.storedDisk()).present, []);
      // It may go on so.
      await session.read(LATER_CHUNK);
      await session.unmount();
      assert.deepEqual((await session.storedDisk()).wrong, []);
    });
  }

  it('without any validators at all is read like every other as long as it stays', async () => {
    await using session = await BadServerSession.start({
      version: { etag: null, lastModified: null },
    });
    await assertRight(session, CHUNK, LATER_CHUNK);
    assert.deepEqual([session.failures, session.network], [[], []]);
    await assertStoreRight(session, CHUNK, LATER_CHUNK);
  });
});

describe('a connection that breaks', function () {
  this.timeout(30_000);

  it('in the middle of a chunk is taken up at the very byte, and nobody hears of it', async () => {
    await using session = await BadServerSession.start();
    const since = session.server.requests.length;
    session.server.faults.add({ fault: faults.shortBody(50_000), when: { times: 1 } });
    await assertRight(session, CHUNK);
    const begin = session.offsetOf(CHUNK);
    const last = begin + CHUNK_BYTES - 1;
    assert.deepEqual(session.ranges(since), [
      [begin, last],
      [begin + 50_000, last],
    ]);
    assert.deepEqual([session.failures, session.network], [[], []]);
    await assertStoreRight(session, CHUNK);
  });

  it('by a reset is taken up after what had come by then', async () => {
    await using session = await BadServerSession.start();
    const since = session.server.requests.length;
    session.server.faults.add({ fault: faults.resetAt(50_000), when: { times: 1 } });
    await assertRight(session, CHUNK);
    const begin = session.offsetOf(CHUNK);
    const last = begin + CHUNK_BYTES - 1;
    const [first, second, ...others] = session.ranges(since);
    assert.deepEqual(first, [begin, last]);
    // A reset may destroy what is still on its way.
    assert.ok(second !== undefined && second[0] >= begin && second[0] <= begin + 50_000);
    assert.equal(second[1], last);
    assert.deepEqual(others, []);
    assert.deepEqual(session.failures, []);
    await assertStoreRight(session, CHUNK);
  });

  it('again and again is no error as long as it brings something', async () => {
    await using session = await BadServerSession.start();
    session.server.faults.add({ fault: faults.shortBody(30_000) });
    const since = session.server.requests.length;
    await assertRight(session, CHUNK);
    const begin = session.offsetOf(CHUNK);
    assert.deepEqual(
      session.ranges(since).map(([first]) => first - begin),
      [0, 30_000, 60_000, 90_000, 120_000],
    );
    assert.deepEqual(session.failures, []);
    session.server.faults.clear();
    await assertStoreRight(session, CHUNK);
  });

  it('for one request in four costs nothing but time', async () => {
    await using session = await BadServerSession.start();
    const seed = Math.floor(Math.random() * 2 ** 32);
    for (const fault of [faults.resetAt(10_000), faults.status(503)]) {
      session.server.faults.add({ fault, when: { share: { of: 0.25, seed } } });
    }
    const chunks = Array.from({ length: CHUNKS }, (_, chunk) => chunk);
    const read = await Promise.all(chunks.map((chunk) => session.read(chunk)));
    for (const chunk of chunks) {
      const right = session.rightBytes(chunk).equals(Buffer.from(read[chunk] ?? ''));
      assert.ok(right, `chunk ${chunk}; the seed was ${seed}`);
    }
    assert.deepEqual(session.failures, []);
    await assertStoreRight(session, ...chunks);
  });
});
