import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fail, type VmnetxError } from '../../../src/core/errors/index.js';
import { openSource, type OpenedSource } from '../../../src/core/fetch/index.js';
import { CHUNK_BYTES, flatLayout } from '../../../src/core/image/index.js';
import { Pager, type ChunkReceiver } from '../../../src/core/vmnetfs/pager.js';
import { parsePackageUrl } from '../../../src/core/reference/index.js';
import { randomBytes, seeded } from '../../support/random.js';
import { requestedRange, sendRange, startServer } from '../../support/scripted-server.js';
import { until } from '../../support/wait.js';

const { signal } = new AbortController();
const file = randomBytes(4 * CHUNK_BYTES, seeded(11));
const DISK = { offset: 1000, length: 2 * CHUNK_BYTES + 5 };
const MEMORY = { offset: 3 * CHUNK_BYTES, length: 77 };

/** Keeps what a pager brings, as the mount does. */
class Receiver implements ChunkReceiver {
  readonly chunks = new Map<string, Buffer>();
  readonly givenUp: string[] = [];

  constructor(readonly onDeliver: () => Promise<void> = () => Promise.resolve()) {}

  async deliver(image: string, chunk: number, bytes: Buffer): Promise<void> {
    await this.onDeliver();
    this.chunks.set(`${image} ${chunk}`, bytes);
  }

  giveUp(image: string, chunk: number): Promise<void> {
    this.givenUp.push(`${image} ${chunk}`);
    return Promise.resolve();
  }
}

describe('Pager', () => {
  let folder = '';
  let source: OpenedSource;
  let failures: VmnetxError[];
  let pager: Pager;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'pager-'));
    const path = join(folder, 'package');
    writeFileSync(path, file);
    source = await openSource({ kind: 'file', path, label: path }, { signal });
    failures = [];
    const layouts = new Map([
      ['disk', flatLayout(DISK)],
      ['memory', flatLayout(MEMORY)],
    ]);
    pager = new Pager(source, layouts, (error) => failures.push(error));
  });

  afterEach(async () => {
    await source.close();
    rmSync(folder, { recursive: true });
  });

  it('brings each chunk whole and from its own place, the last one shorter', async () => {
    const receiver = new Receiver();
    for (const chunk of [2, 0, 1]) pager.request(receiver, 'disk', chunk);
    pager.request(receiver, 'memory', 0);
    await pager.settle();
    const expected: Record<string, Buffer> = {};
    for (const chunk of [0, 1]) {
      const start = DISK.offset + chunk * CHUNK_BYTES;
      expected[`disk ${chunk}`] = file.subarray(start, start + CHUNK_BYTES);
    }
    const last = DISK.offset + 2 * CHUNK_BYTES;
    expected['disk 2'] = file.subarray(last, last + 5);
    expected['memory 0'] = file.subarray(MEMORY.offset, MEMORY.offset + MEMORY.length);
    assert.deepEqual(Object.fromEntries([...receiver.chunks].sort()), expected);
    assert.deepEqual([receiver.givenUp, failures], [[], []]);
  });

  it('gives up a chunk that cannot be had, says why, and goes on', async () => {
    const receiver = new Receiver();
    truncateSync(join(folder, 'package'), 3 * CHUNK_BYTES);
    pager.request(receiver, 'disk', 1);
    await pager.settle();
    assert.deepEqual(receiver.givenUp, ['disk 1']);
    assert.deepEqual(
      failures.map(({ code }) => code),
      ['package-changed'],
    );
    writeFileSync(join(folder, 'package'), file);
    pager.request(receiver, 'disk', 3);
    await pager.settle();
    assert.deepEqual(receiver.givenUp, ['disk 1', 'disk 3']);
    assert.match(failures[1]?.detail ?? '', /no chunk 3/);
  });

  it('tries again where that can help, and nobody is told', async () => {
    let asked = 0;
    await using server = await startServer((request, response) => {
      if (requestedRange(request).first > 0 && ++asked <= 2) response.writeHead(503).end();
      else sendRange(request, response, file);
    });
    const url = parsePackageUrl(`${server.origin}/a.nxpk`);
    const remote = await openSource({ kind: 'url', url, label: url.label }, { signal });
    const receiver = new Receiver();
    // Far enough inside that the first bytes, which are kept, do not cover it.
    const layouts = new Map([['disk', flatLayout({ offset: 2 * CHUNK_BYTES, length: 5 })]]);
    const retrying = new Pager(remote, layouts, (error) => failures.push(error));
    retrying.request(receiver, 'disk', 0);
    await retrying.settle();
    await remote.close();
    assert.deepEqual(
      receiver.chunks.get('disk 0'),
      file.subarray(2 * CHUNK_BYTES, 2 * CHUNK_BYTES + 5),
    );
    assert.deepEqual([receiver.givenUp, failures, asked], [[], [], 3]);
  });

  it('goes on where a chunk cannot be stored but was served', async () => {
    const full = fail('host-no-space', { path: 'the chunk store' });
    const receiver = new Receiver(() => Promise.reject(full));
    pager.request(receiver, 'disk', 0);
    await pager.settle();
    assert.deepEqual([receiver.givenUp, failures], [[], []]);
  });

  it('gives up a chunk that cannot be stored', async () => {
    const receiver = new Receiver(() => Promise.reject(new Error('no space')));
    pager.request(receiver, 'disk', 0);
    await pager.settle();
    assert.deepEqual(receiver.givenUp, ['disk 0']);
    assert.equal(failures[0]?.detail, 'no space');
  });

  it('is settled only when nothing is under way any more, also what came meanwhile', async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const receiver = new Receiver(() => held);
    const second = new Receiver();
    pager.request(receiver, 'disk', 0);
    let settled = false;
    const settling = pager.settle().then(() => (settled = true));
    pager.request(receiver, 'disk', 1);
    pager.request(second, 'memory', 0);
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(settled, false);
    release();
    await settling;
    assert.deepEqual([...receiver.chunks.keys()], ['disk 0', 'disk 1']);
    assert.deepEqual([...second.chunks.keys()], ['memory 0']);
    await pager.settle();
  });

  it('gives up whatever is asked for once it is stopped, which is no failure', async () => {
    const receiver = new Receiver();
    pager.stop();
    pager.stop();
    pager.request(receiver, 'disk', 1);
    await pager.settle();
    assert.deepEqual(receiver.givenUp, ['disk 1']);
    assert.deepEqual([receiver.chunks.size, failures], [0, []]);
  });

  it('gives up what a silent server owes when it is stopped', async () => {
    let opening = true;
    await using server = await startServer((request, response) => {
      if (opening) sendRange(request, response, file);
    });
    const url = parsePackageUrl(`${server.origin}/a.nxpk`);
    const remote = await openSource({ kind: 'url', url, label: url.label }, { signal });
    opening = false;
    try {
      const layouts = new Map([['disk', flatLayout(DISK)]]);
      const waiting = new Pager(remote, layouts, (error) => failures.push(error));
      const receiver = new Receiver();
      const before = server.requests.length;
      waiting.request(receiver, 'disk', 2);
      await until('the server is asked', () => server.requests.length > before);
      waiting.stop();
      await waiting.settle();
      assert.deepEqual([receiver.givenUp, failures], [['disk 2'], []]);
    } finally {
      await remote.close();
    }
  });
});
