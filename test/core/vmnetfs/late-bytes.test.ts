import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { CHUNK_BYTES } from '../../../src/core/image/index.js';
import type { Vmnetfs } from '../../../src/core/vmnetfs/index.js';
import { sendRange, startServer, type ScriptedServer } from '../../support/scripted-server.js';
import { until } from '../../support/wait.js';
import { ownProcesses, PackageToMount } from './mounted-package.js';

/** As `sendRange` has them. */
const VALIDATORS = { etag: '"one"', lastModified: 'Thu, 01 Jan 2015 00:00:00 GMT' };

describe('bytes that a vmnetfs waits for', () => {
  let wanted: PackageToMount;
  let server: ScriptedServer;
  let vmnetfs: Vmnetfs;
  /** Answers that the server owes while it is silent. */
  let owed: (() => void)[];
  let silent: boolean;
  let missing: boolean;

  beforeEach(async () => {
    wanted = await PackageToMount.create();
    const file = readFileSync(wanted.path);
    [owed, silent, missing] = [[], false, false];
    server = await startServer((request, response) => {
      const answer = (): void => {
        if (missing) response.writeHead(404).end();
        else sendRange(request, response, file);
      };
      if (silent) owed.push(answer);
      else answer();
    });
    vmnetfs = await wanted.mount(wanted.servedAt(server.origin, VALIDATORS));
  });

  afterEach(async () => {
    await wanted[Symbol.asyncDispose]();
    await server.stop();
    assert.deepEqual(await ownProcesses(), []);
  });

  /** Reads a page of an image; what happens is told when it has happened. */
  function reading(path: string, chunk: number): { done: () => boolean; bytes: Promise<Buffer> } {
    let done = false;
    const read = async (): Promise<Buffer> => {
      const file = await open(path);
      try {
        const { buffer } = await file.read(Buffer.alloc(512), 0, 512, chunk * CHUNK_BYTES);
        return buffer;
      } finally {
        await file.close();
        done = true;
      }
    };
    const bytes = read();
    bytes.catch(() => undefined);
    return { done: () => done, bytes };
  }

  function answerAll(): void {
    silent = false;
    for (const answer of owed.splice(0)) answer();
  }

  it('come from a web server as from a file', async () => {
    assert.ok((await readFile(wanted.diskPath)).equals(wanted.disk));
    assert.ok((await readFile(wanted.memoryPath)).equals(wanted.memory));
    assert.deepEqual(wanted.told, []);
  });

  it('are refused when the server has another version now', async () => {
    await vmnetfs.unmount();
    await using other = await PackageToMount.create();
    for (const validators of [
      { ...VALIDATORS, etag: '"two"' },
      { ...VALIDATORS, lastModified: null },
    ]) {
      await assert.rejects(other.mount(other.servedAt(server.origin, validators)), {
        code: 'package-changed',
      });
    }
  });

  it('are waited for until nothing is under way', async () => {
    silent = true;
    const reader = reading(wanted.diskPath, 2);
    await until('the server is asked', () => owed.length > 0);
    let settled = false;
    const settling = vmnetfs.settle().then(() => (settled = true));
    // An answer to a later question: the first one is really being waited for.
    await vmnetfs.limitWait();
    assert.deepEqual([settled, reader.done()], [false, false]);
    answerAll();
    await settling;
    const start = 2 * CHUNK_BYTES;
    assert.ok((await reader.bytes).equals(wanted.disk.subarray(start, start + 512)));
  });

  it('are an error when they cannot be had, which is told', async () => {
    missing = true;
    await assert.rejects(reading(wanted.diskPath, 1).bytes, { code: 'EIO' });
    await until('it is told', () => wanted.told.length > 0);
    assert.equal(wanted.told[0], 'failed server-not-found');
    missing = false;
    const start = CHUNK_BYTES;
    const bytes = await reading(wanted.diskPath, 1).bytes;
    assert.ok(bytes.equals(wanted.disk.subarray(start, start + 512)));
  });

  it('are an error at once when nobody is to wait, also later', async () => {
    await reading(wanted.memoryPath, 0).bytes;
    silent = true;
    const reader = reading(wanted.diskPath, 1);
    await until('the server is asked', () => owed.length > 0);
    await vmnetfs.failWaiting();
    await assert.rejects(reader.bytes, { code: 'EIO' });
    await vmnetfs.settle();
    answerAll();
    await assert.rejects(reading(wanted.diskPath, 3).bytes, { code: 'EIO' });
    assert.ok((await reading(wanted.memoryPath, 0).bytes).equals(wanted.memory.subarray(0, 512)));
    assert.deepEqual(wanted.told, []);
  });

  it('are an error for a disk after 5 s when asked so, never for the memory, and come later', async () => {
    await vmnetfs.limitWait();
    silent = true;
    const begin = performance.now();
    const memory = reading(wanted.memoryPath, 1);
    const disk = reading(wanted.diskPath, 2);
    await assert.rejects(disk.bytes, { code: 'EIO' });
    assert.ok(performance.now() - begin > 4500);
    assert.equal(memory.done(), false);
    answerAll();
    const start = CHUNK_BYTES;
    assert.ok((await memory.bytes).equals(wanted.memory.subarray(start, start + 512)));
    await vmnetfs.settle();
    missing = true;
    const at = 2 * CHUNK_BYTES;
    const again = await reading(wanted.diskPath, 2).bytes;
    assert.ok(again.equals(wanted.disk.subarray(at, at + 512)));
    assert.deepEqual(wanted.told, []);
  });
});
