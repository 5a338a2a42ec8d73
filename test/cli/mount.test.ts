import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endPrograms, startProgram, type StartedProgram } from '../e2e/support/program.js';
import { pythonZip } from '../support/foreign-zip.js';
import { isMounted } from '../support/mounts.js';
import { childrenOf } from '../support/processes.js';
import { output } from '../support/programs.js';
import { randomBytes, seeded } from '../support/random.js';
import { until } from '../support/wait.js';

const MANIFEST = `<image xmlns="http://olivearchive.org/xmlns/vmnetx/package" name="A">
  <domain path="domain.xml"/><disk path="disk.img"/><memory path="memory.img"/>
</image>`;
const disk = randomBytes(500_001, seeded(21));
const memory = randomBytes(300_003, seeded(22));

describe('vmnetx mount', function () {
  this.timeout(60_000);
  let folder = '';
  let target = '';
  let packagePath = '';
  let environment: NodeJS.ProcessEnv = {};

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mount-'));
    target = join(folder, 'target');
    packagePath = join(folder, 'a.nxpk');
    await mkdir(target);
    await writeFile(
      packagePath,
      pythonZip([
        { name: 'vmnetx-package.xml', data: MANIFEST },
        { name: 'domain.xml', data: '<domain/>' },
        { name: 'disk.img', data: disk },
        { name: 'memory.img', data: memory },
      ]),
    );
    environment = { PATH: process.env['PATH'], HOME: folder };
  });

  afterEach(async () => {
    await endPrograms();
    await output('fusermount3', '-u', '-z', '-q', target).catch(() => '');
    await rm(folder, { recursive: true });
  });

  /** Starts it and waits until it says that it has mounted. */
  async function mount(): Promise<StartedProgram> {
    const program = startProgram('vmnetx', ['mount', packagePath, target], environment);
    await until('it says that it has mounted', () => program.stdout() !== '');
    assert.equal(program.stdout(), `mounted ${target}\n`);
    return program;
  }

  /** Checks that the program ended well, and that there is nothing left of it. */
  async function assertEndedWell(program: StartedProgram): Promise<void> {
    assert.deepEqual(await program.ended, {
      status: 0,
      stdout: `mounted ${target}\n`,
      stderr: '',
    });
    assert.ok(!(await isMounted(target)));
    assert.deepEqual(await readdir(target), []);
    assert.deepEqual(await filesBelow(join(folder, '.cache')), []);
    assert.deepEqual(await filesBelow(join(folder, '.local', 'state', 'vmnetx', 'sessions')), []);
  }

  async function filesBelow(directory: string): Promise<readonly string[]> {
    if (!existsSync(directory)) return [];
    const entries = await readdir(directory, { recursive: true, withFileTypes: true });
    return entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name);
  }

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    it(`shows the images once it says so, until ${signal}`, async () => {
      const program = await mount();
      assert.deepEqual((await readdir(target)).sort(), ['disk', 'memory']);
      assert.ok((await readFile(join(target, 'disk'))).equals(disk));
      assert.ok((await readFile(join(target, 'memory'))).equals(memory));
      program.kill(signal);
      await assertEndedWell(program);
    });
  }

  it('takes writes to the disk and forgets them, and refuses those to the memory', async () => {
    const program = await mount();
    const file = await open(join(target, 'disk'), 'r+');
    await file.write('written', 300_000);
    await file.close();
    assert.equal(
      (await readFile(join(target, 'disk'))).toString('latin1', 300_000, 300_007),
      'written',
    );
    const other = await open(join(target, 'memory'), 'r+');
    await assert.rejects(other.write('written', 0), { code: 'EPERM' });
    await assert.rejects(other.truncate(5), { code: 'EPERM' });
    await other.close();
    assert.ok((await readFile(join(target, 'memory'))).equals(memory));
    program.kill('SIGTERM');
    await assertEndedWell(program);
    const again = await mount();
    assert.ok((await readFile(join(target, 'disk'))).equals(disk));
    again.kill('SIGTERM');
    await assertEndedWell(again);
  });

  it('ends although a file is open', async () => {
    const program = await mount();
    const file = await open(join(target, 'disk'));
    program.kill('SIGINT');
    await assertEndedWell(program);
    await file.close().catch(() => undefined);
  });

  it('refuses what is not an empty folder, before it touches anything', async () => {
    await writeFile(join(folder, 'file'), '');
    for (const [place, name] of [
      [folder, 'a folder with files'],
      [join(folder, 'none'), 'nothing'],
      [join(folder, 'file'), 'a file'],
    ] as const) {
      const words = ['mount', packagePath, place];
      const { status, stdout, stderr } = await startProgram('vmnetx', words, environment).ended;
      assert.deepEqual([status, stdout], [66, ''], name);
      assert.equal(
        stderr,
        `vmnetx: ${place} is not an empty folder. (host-mount-directory)\nMake an empty folder to mount on.\n`,
      );
    }
    assert.ok(!existsSync(join(folder, 'none')));
  });

  it('says so when what brings the data ends, and leaves no dead mount', async () => {
    const program = await mount();
    const [pid = 0] = await childrenOf(program.pid, 'vmnetfs/process.js');
    process.kill(pid, 'SIGKILL');
    const { status, stderr } = await program.ended;
    assert.equal(status, 69);
    assert.match(stderr, /\(host-mount-lost\)\n/);
    assert.ok(!(await isMounted(target)));
  });

  it('mounts a file whose name looks like an option', async () => {
    await copyFile(packagePath, join(folder, '--help'));
    const program = startProgram(
      'vmnetx',
      ['mount', '--', '--help', 'target'],
      environment,
      folder,
    );
    await until('it says that it has mounted', () => program.stdout() !== '');
    assert.ok((await readFile(join(target, 'disk'))).equals(disk));
    program.kill('SIGTERM');
    await assertEndedWell(program);
  });
});
