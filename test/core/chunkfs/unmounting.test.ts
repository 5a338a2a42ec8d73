import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, mkdtemp, open, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isMounted } from '../../support/mounts.js';
import { until } from '../../support/wait.js';
import { MountedImages, Program } from './mounted-images.js';

const never = (): undefined => undefined;

describe('unmounting', () => {
  it('may be done twice, and leaves an empty folder', async () => {
    const images = await MountedImages.create();
    assert(await isMounted(images.directory));
    await Promise.all([images.mount.unmount(), images.mount.unmount()]);
    await images.mount.unmount();
    assert(!(await isMounted(images.directory)));
    assert.deepEqual(await readdir(images.directory), []);
    assert.deepEqual(images.ends, []);
    assert.equal(images.deliverBytes(0, 10), null);
    images.mount.failChunk('disk', 0, 5);
    images.mount.failAll(5);
    images.mount.wake('disk', 0, 1);
    images.mount.mark('disk', 0);
    images.mount.setCaching(false);
    assert.equal(images.statistics.waiting, 0);
    await images.close();
  });

  it('answers reads that wait, and cuts off who has a file open', async () => {
    const images = await MountedImages.create({ onMiss: never });
    const file = await open(images.path, 'r+');
    const reader = Program.reading(images.path, 0, 4096, true);
    await until('the reader waits', () => images.statistics.waiting === 1);
    assert.equal(images.mount.openHandles(), 2);
    const begin = performance.now();
    await images.mount.unmount();
    assert(performance.now() - begin < 2000);
    assert.match((await reader.ended).errors, /not connected/);
    await assert.rejects(file.read(Buffer.alloc(10), 0, 10, 0), { code: 'ENOTCONN' });
    await file.close();
    await images.close();
  });

  it('counts open files down as they are closed', async () => {
    const images = await MountedImages.create();
    const file = await open(images.path);
    assert.equal(images.mount.openHandles(), 1);
    await file.close();
    await until('the file is closed', () => images.mount.openHandles() === 0);
    await images.close();
  });

  it('is noticed when somebody else does it', async () => {
    const images = await MountedImages.create();
    const { status, errors } = await new Program('fusermount3', '-u', images.directory).ended;
    assert.equal(status, 0, errors);
    await until('the end is told', () => images.ends.length > 0);
    assert.deepEqual(images.ends, ['unmounted']);
    await images.mount.unmount();
    await images.close();
  });

  it('works after somebody else took the folder away from an open file', async () => {
    const images = await MountedImages.create();
    const file = await open(images.path);
    await new Program('fusermount3', '-u', '-z', images.directory).ended;
    const buffer = Buffer.alloc(100);
    await file.read(buffer, 0, 100, 0);
    assert(buffer.equals(images.origin.subarray(0, 100)));
    await images.mount.unmount();
    assert.deepEqual(images.ends, []);
    await file.close();
    await images.close();
  });

  it('leaves no descriptor, thread or mount behind, twenty times', async function () {
    this.timeout(60_000);
    const count = (what: string): number => readdirSync(`/proc/self/${what}`).length;
    const cycle = async (): Promise<void> => {
      const images = await MountedImages.create();
      assert((await readFile(images.path)).equals(images.origin));
      await images.close();
    };
    await cycle();
    const [descriptors, threads] = [count('fd'), count('task')];
    for (let round = 0; round < 20; round += 1) await cycle();
    assert.equal(count('fd'), descriptors);
    assert.equal(count('task'), threads);
    assert(!(await readFile('/proc/self/mounts', 'utf8')).includes('/chunkfs-'));
  });

  it('serves several mounts at once, each with its own bytes', async () => {
    const all = await Promise.all(
      [100_000, 200_000, 300_000].map((sizeBytes) => MountedImages.create({ sizeBytes })),
    );
    for (const images of all) assert((await readFile(images.path)).equals(images.origin));
    for (const images of all) await images.close();
  });
});

describe('a mount that cannot be', () => {
  it('says what is wrong with the folder', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'chunkfs-'));
    try {
      const pristine = join(folder, 'pristine');
      await writeFile(pristine, '');
      const cases = [
        [join(folder, 'missing'), 'No such file or directory'],
        [pristine, 'Not a directory'],
        [folder, 'the directory is not empty'],
      ] as const;
      for (const [directory, detail] of cases) {
        const { output } = await runMounting(pristine, directory, process.env['PATH'] ?? '');
        assert.match(output, /"code":"host-mount-failed"/);
        assert(output.includes(`"detail":"${detail}"`), output);
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('says that there is no FUSE, and writes nothing to stderr', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'chunkfs-'));
    try {
      const pristine = join(folder, 'pristine');
      await writeFile(pristine, '');
      const directory = join(folder, 'mount');
      await mkdir(directory);
      const { output, errors } = await runMounting(pristine, directory, folder);
      assert.match(output, /"code":"host-no-fuse"/);
      assert.match(output, /"detail":"fusermount3: No such file or directory"/);
      // A helper that finds no device.
      const helper =
        '#!/bin/sh\necho "fusermount3: fuse device not found, try modprobe" >&2; exit 1\n';
      await writeFile(join(folder, 'fusermount3'), helper, { mode: 0o755 });
      const second = await runMounting(pristine, directory, folder);
      assert.match(second.output, /"code":"host-no-fuse"/);
      assert.match(second.output, /"detail":"fuse device not found, try modprobe"/);
      assert.equal(errors + second.errors, '');
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe('a process that ends without unmounting', () => {
  for (const how of ['exit', 'worker', 'kill'] as const) {
    it(`does not hang its readers (${how})`, async () => {
      const folder = await mkdtemp(join(tmpdir(), 'chunkfs-'));
      const directory = join(folder, 'mount');
      await mkdir(directory);
      await writeFile(join(folder, 'pristine'), '');
      const child = startMounting(join(folder, 'pristine'), directory, how);
      try {
        let said = '';
        child.stdout?.on('data', (part: Buffer) => (said += part.toString()));
        await until('it has mounted', () => said.includes('mounted'));
        const reader = Program.reading(join(directory, 'memory'), 0, 4096, true);
        await new Promise((resolve) => setTimeout(resolve, 200));
        const ended = new Promise((resolve) => child.once('exit', resolve));
        if (how === 'kill') child.kill('SIGKILL');
        else child.stdin?.write('now\n');
        assert.match((await reader.ended).errors, /not connected|connection abort/i);
        if (how === 'worker') {
          await until('the worker has ended', () => said.includes('ended'));
          assert(!(await isMounted(directory)));
          child.stdin?.end();
          child.kill();
        }
        assert.equal(await ended, how === 'exit' ? 0 : null);
      } finally {
        child.kill('SIGKILL');
        if (await isMounted(directory))
          await new Program('fusermount3', '-u', '-z', directory).ended;
        await rm(folder, { recursive: true });
      }
    });
  }
});

function startMounting(pristine: string, directory: string, how: string): ChildProcess {
  const script = fileURLToPath(new URL('./mounting-process.js', import.meta.url));
  assert(existsSync(script));
  return spawn(process.execPath, [script, pristine, directory, how]);
}

/** Lets another process mount, with another search path for programs; it is expected to fail. */
async function runMounting(
  pristine: string,
  directory: string,
  path: string,
): Promise<{ output: string; errors: string }> {
  const script = fileURLToPath(new URL('./mounting-process.js', import.meta.url));
  const child = new Program('env', `PATH=${path}`, process.execPath, script, pristine, directory);
  const { status, output, errors } = await child.ended;
  assert.equal(status, 1, errors);
  return { output: output.toString(), errors };
}
