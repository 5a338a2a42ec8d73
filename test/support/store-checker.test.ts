import assert from 'node:assert/strict';
import { open, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CHUNK_BYTES } from '../../src/core/image/index.js';
import { BadServerSession, CHUNK, CHUNKS } from '../core/vmnetfs/bad-server-session.js';
import { ownProcesses } from '../core/vmnetfs/mounted-package.js';
import { checkStore, imageOf, type CheckedImage } from './store-checker.js';
import { until } from './wait.js';

const RECORD_BITMAP = 4096;
/** Never read here, so never present. */
const ABSENT = CHUNKS - 1;

describe('the check of a store', () => {
  let session: BadServerSession;
  let folder: string;
  let live: string;

  beforeEach(async () => {
    session = await BadServerSession.start({ ownProcess: true });
    for (const chunk of [1, CHUNK]) await session.read(chunk);
    // Readers get their bytes before these are stored.
    await until('both are stored', async () => (await session.storedDisk()).present.length === 2);
    const { key } = await session.storedDisk();
    const { cacheDirectory, runtimeDirectory } = session.wanted.request.store;
    folder = join(cacheDirectory, 'images', key);
    live = join(runtimeDirectory ?? '', 'store', key);
  });

  afterEach(() => session[Symbol.asyncDispose]());

  async function change(file: string, offset: number, bytes: Uint8Array): Promise<void> {
    const opened = await open(join(folder, file), 'r+');
    await opened.write(bytes, 0, bytes.length, offset);
    await opened.close();
  }

  /** Leaves the live file where it is. */
  async function killVmnetfs(): Promise<void> {
    for (const pid of await ownProcesses()) process.kill(pid, 'SIGKILL');
    await until('it is gone', async () => (await ownProcesses()).length === 0);
  }

  async function checkedWithoutLiveFiles(): Promise<CheckedImage> {
    const place = { ...session.wanted.request.store, runtimeDirectory: null };
    const images = await checkStore(place, ({ member }) =>
      member === 'disk.img' ? session.wanted.disk : session.wanted.memory,
    );
    return imageOf(images, 'disk.img');
  }

  it('finds what is present, and nothing wrong', async () => {
    await session.unmount();
    const { present, durable, wrong } = await session.storedDisk();
    assert.deepEqual(present, [1, CHUNK]);
    assert.deepEqual(durable, [1, CHUNK]);
    assert.deepEqual(wrong, []);
    const images = await session.storedImages();
    assert.deepEqual(images.map(({ member }) => member).sort(), ['disk.img', 'memory.img']);
  });

  it('catches a planted wrong chunk, by a single bit', async () => {
    await session.unmount();
    const at = CHUNK * CHUNK_BYTES + 70_000;
    await change('data', at, Buffer.from([(session.wanted.disk[at] ?? 0) ^ 1]));
    assert.deepEqual((await session.storedDisk()).wrong, [CHUNK]);
    assert.deepEqual((await checkedWithoutLiveFiles()).wrong, [CHUNK]);
  });

  it('catches a chunk that is marked and was never stored', async () => {
    await session.unmount();
    const marks = Buffer.from([0, 0]);
    for (const chunk of [1, CHUNK, ABSENT]) marks[chunk >> 3] = (marks[chunk >> 3] ?? 0) | (1 << (chunk & 7)); // prettier-ignore
    await change('record', RECORD_BITMAP, marks);
    assert.deepEqual((await session.storedDisk()).wrong, [ABSENT]);
  });

  it('catches what only the live file marks, and lets it go if the computer was off', async () => {
    await killVmnetfs();
    await change('record', RECORD_BITMAP, Buffer.alloc(2));
    await change('data', CHUNK_BYTES, Buffer.alloc(CHUNK_BYTES));
    const { present, durable, wrong } = await session.storedDisk();
    assert.deepEqual({ present, durable, wrong }, { present: [1, CHUNK], durable: [], wrong: [1] });
    assert.deepEqual((await checkedWithoutLiveFiles()).present, []);
    await rm(live);
    assert.deepEqual((await session.storedDisk()).present, []);
  });

  it('believes no live file of another start of the computer', async () => {
    await killVmnetfs();
    const bytes = await readFile(live);
    await writeFile(live, bytes.fill('x', 16, 32));
    await change('record', RECORD_BITMAP, Buffer.alloc(2));
    assert.deepEqual((await session.storedDisk()).present, []);
  });

  it('does not pass over a record that is none', async () => {
    await session.unmount();
    await change('record', 0, Buffer.from('nonsense'));
    await assert.rejects(session.storedDisk(), /is not the record of an image/);
  });
});
