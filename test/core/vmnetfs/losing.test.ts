import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { open, readdir, readFile, type FileHandle } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { CHUNK_BYTES } from '../../../src/core/image/index.js';
import { isMounted } from '../../support/mounts.js';
import { childrenOf } from '../../support/processes.js';
import { output } from '../../support/programs.js';
import { until } from '../../support/wait.js';
import { ownProcesses, PackageToMount, PROCESS_NAME } from './mounted-package.js';

const OWNER = fileURLToPath(new URL('./owning-process.js', import.meta.url));
/** What an owner that is gone may leave, and no longer. */
const ORPHAN_MILLISECONDS = 20_000;

async function readChunk(file: FileHandle, chunk: number): Promise<Buffer> {
  const { buffer } = await file.read(Buffer.alloc(512), 0, 512, chunk * CHUNK_BYTES);
  return buffer;
}

describe('a vmnetfs that ends by itself', () => {
  let wanted: PackageToMount;

  beforeEach(async () => {
    wanted = await PackageToMount.create();
  });

  afterEach(async () => {
    await wanted[Symbol.asyncDispose]();
    assert.deepEqual(await ownProcesses(), []);
  });

  it('is told of once when it is killed, and its mount goes', async () => {
    const vmnetfs = await wanted.mount();
    const [pid = 0] = await ownProcesses();
    process.kill(pid, 'SIGKILL');
    await until('it is told', () => wanted.told.length > 0);
    // Told after the mount is gone: whoever hears of it can remove the folder.
    assert.ok(!(await isMounted(wanted.directory)));
    assert.deepEqual(await readdir(wanted.directory), []);
    await assert.rejects(vmnetfs.failWaiting(), { code: 'host-pages-lost' });
    await vmnetfs.unmount();
    await sleep(50);
    assert.deepEqual(wanted.told, ['lost host-pages-lost']);
  });

  it('is told of once when somebody else takes the mount away', async () => {
    await wanted.mount();
    await output('fusermount3', '-u', wanted.directory);
    await until('it is told', () => wanted.told.length > 0);
    await until('the process is gone', async () => (await ownProcesses()).length === 0);
    assert.deepEqual(wanted.told, ['lost host-pages-lost']);
  });

  it('fails those who ask while it is killed', async () => {
    const vmnetfs = await wanted.mount();
    const [pid = 0] = await ownProcesses();
    process.kill(pid, 'SIGSTOP');
    const asked = vmnetfs.settle();
    process.kill(pid, 'SIGKILL');
    await assert.rejects(asked, { code: 'host-pages-lost' });
  });

  it('goes at SIGTERM alone as soon as nobody has a file open', async () => {
    await wanted.mount();
    const file = await open(wanted.diskPath);
    try {
      assert.ok((await readChunk(file, 0)).equals(wanted.disk.subarray(0, 512)));
      const [pid = 0] = await ownProcesses();
      process.kill(pid, 'SIGTERM');
      process.kill(pid, 'SIGHUP');
      await until('the owner is told', () => wanted.told.length > 0);
      // What is not there cannot be had any more; what is there still can.
      await until('reads fail', async () => {
        const other = await open(wanted.memoryPath).catch(() => null);
        const failed = await other?.read(Buffer.alloc(1), 0, 1, 0).then(
          () => false,
          (error: unknown) => error instanceof Error && 'code' in error && error.code === 'EIO',
        );
        await other?.close();
        return failed === true;
      });
      assert.ok((await readChunk(file, 0)).equals(wanted.disk.subarray(0, 512)));
      assert.ok(await isMounted(wanted.directory));
      // The owner is told at once, and once.
      assert.deepEqual(wanted.told, ['lost host-pages-lost']);
    } finally {
      await file.close();
    }
    await until('the mount is gone', async () => !(await isMounted(wanted.directory)));
    await until('the process is gone', async () => (await ownProcesses()).length === 0);
    assert.deepEqual(wanted.told, ['lost host-pages-lost']);
  });
});

describe('a vmnetfs whose owner is gone', function () {
  this.timeout(60_000);

  /** A vmnetfs with an owner other than this process. */
  class Owned implements AsyncDisposable {
    private constructor(
      readonly wanted: PackageToMount,
      readonly owner: ChildProcess,
      readonly pid: number,
    ) {}

    static async start(): Promise<Owned> {
      const wanted = await PackageToMount.create();
      const owner = fork(OWNER);
      owner.send(wanted.request);
      assert.deepEqual((await once(owner, 'message')).slice(0, 1), ['mounted']);
      const [pid = 0] = await childrenOf(owner.pid ?? 0, PROCESS_NAME);
      return new Owned(wanted, owner, pid);
    }

    async gone(limit: number): Promise<void> {
      await until('the process is gone', () => !existsSync(`/proc/${this.pid}`), limit);
      assert.ok(!(await isMounted(this.wanted.directory)));
      assert.ok(!existsSync(this.wanted.request.removeAfter ?? '/'));
    }

    async [Symbol.asyncDispose](): Promise<void> {
      this.owner.kill('SIGKILL');
      if (existsSync(`/proc/${this.pid}`)) process.kill(this.pid, 'SIGKILL');
      await this.wanted[Symbol.asyncDispose]();
    }
  }

  let held: Owned;
  let holder: FileHandle;
  let killed = 0;

  before(async () => {
    // Its end takes longest; meanwhile the others are tested.
    held = await Owned.start();
    holder = await open(held.wanted.diskPath);
    held.owner.kill('SIGKILL');
    killed = performance.now();
  });

  after(async () => {
    await holder.close().catch(() => undefined);
    await held[Symbol.asyncDispose]();
  });

  it('goes at once when the owner ends and no file is open', async () => {
    await using owned = await Owned.start();
    assert.ok((await readFile(owned.wanted.diskPath)).equals(owned.wanted.disk));
    owned.owner.send('leave');
    await owned.gone(8000);
  });

  it('serves what is there until the files are closed when the owner is killed', async () => {
    await using owned = await Owned.start();
    const file = await open(owned.wanted.diskPath);
    try {
      await readChunk(file, 1);
      const killing = once(owned.owner, 'exit');
      owned.owner.kill('SIGKILL');
      await killing;
      await sleep(1000);
      const [start, end] = [CHUNK_BYTES, CHUNK_BYTES + 512];
      assert.ok((await readChunk(file, 1)).equals(owned.wanted.disk.subarray(start, end)));
    } finally {
      await file.close();
    }
    await owned.gone(8000);
  });

  it('goes after 20 s at the latest, whoever has a file open', async () => {
    const rest = ORPHAN_MILLISECONDS - (performance.now() - killed);
    await sleep(Math.max(0, rest - 5000));
    assert.ok(await isMounted(held.wanted.directory));
    await held.gone(15_000);
    await assert.rejects(readChunk(holder, 0), { code: 'ENOTCONN' });
  });
});
