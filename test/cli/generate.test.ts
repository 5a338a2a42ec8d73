import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomFillSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { command } from '../../scripts/command.js';
import { openSource } from '../../src/core/fetch/index.js';
import { openPackage } from '../../src/core/package/index.js';
import { parseReference } from '../../src/core/reference/index.js';
import { endPrograms, startProgram } from '../e2e/support/program.js';
import { output } from '../support/programs.js';
import { until } from '../support/wait.js';

const MEBIBYTE = 2 ** 20;
const { signal } = new AbortController();

function domainXml(disk: string): string {
  return `<domain type="kvm">
    <name>machine</name>
    <memory>65536</memory>
    <os><type arch="x86_64" machine="pc">hvm</type></os>
    <devices>
      <disk type="file" device="disk">
        <driver name="qemu" type="raw"/>
        <source file="${disk}"/>
        <target dev="hda" bus="ide"/>
      </disk>
    </devices>
  </domain>`;
}

describe('vmnetx-generate', function () {
  this.timeout(60_000);
  let folder = '';
  let environment: NodeJS.ProcessEnv = {};

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'generate-'));
    await mkdir(join(folder, 'out'));
    await writeFile(join(folder, 'domain.xml'), domainXml(join(folder, 'disk')));
    environment = { PATH: process.env['PATH'], HOME: folder };
  });

  afterEach(async () => {
    await endPrograms();
    await rm(folder, { recursive: true });
  });

  function generate(...words: readonly string[]) {
    return startProgram('vmnetx-generate', words, environment, folder).ended;
  }

  /** Unpacks the disk of a package that was written, next to it; returns its size in the package. */
  async function unpackDisk(
    name: string,
    target: string,
  ): Promise<{ name: string; bytes: number }> {
    const path = join(folder, 'out', name);
    const source = await openSource({ kind: 'file', path, label: path }, { signal });
    try {
      const { name: title, disk } = await openPackage(source, signal);
      await writeFile(target, await source.read(disk.offset, disk.storedBytes, signal));
      return { name: title, bytes: disk.storedBytes };
    } finally {
      await source.close();
    }
  }

  it('packs a disk, compressed or not, and the publisher keeps theirs as it was', async () => {
    const disk = Buffer.alloc(4 * MEBIBYTE, 'compressible ');
    await writeFile(join(folder, 'disk'), disk);
    const sizes: number[] = [];
    for (const [name, words] of [
      ['plain.nxpk', ['-u', '-n', 'Größe']],
      ['small.nxpk', ['--name', 'Größe']],
    ] as const) {
      const ended = await generate(...words, 'domain.xml', join('out', name));
      assert.deepEqual([ended.status, ended.stdout], [0, ''], ended.stderr);
      const image = join(folder, `${name}.qcow2`);
      const unpacked = await unpackDisk(name, image);
      assert.equal(unpacked.name, 'Größe');
      sizes.push(unpacked.bytes);
      await output('qemu-img', 'check', '-q', '-f', 'qcow2', image);
      await output('qemu-img', 'compare', '-f', 'qcow2', '-F', 'raw', image, join(folder, 'disk'));
    }
    const [plain = 0, small = 0] = sizes;
    assert.ok(plain > disk.length && small < disk.length / 10, sizes.join());
    assert.ok((await readFile(join(folder, 'disk'))).equals(disk));
    assert.deepEqual((await readdir(join(folder, 'out'))).sort(), ['plain.nxpk', 'small.nxpk']);
  });

  it('writes a reference', async () => {
    const url = 'http://example.org/a.nxpk?b=c&d';
    assert.deepEqual(await generate('-r', url, 'out/a.netx'), {
      status: 0,
      stdout: '',
      stderr: '',
    });
    const path = join(folder, 'out/a.netx');
    assert.equal(parseReference(await readFile(path), path).href, url);
    assert.deepEqual(await readdir(join(folder, 'out')), ['a.netx']);
  });

  it('refuses with the status of the reason, and writes nothing', async () => {
    for (const [words, code, status] of [
      [['-r', 'file:///etc/passwd', 'out/a'], 'reference-url-refused', 65],
      [['none.xml', 'out/a'], 'host-file-missing', 66],
      [['domain.xml', 'out/a'], 'host-file-missing', 66],
      [['disk.xml', 'out/a'], 'domain-malformed', 65],
      [['domain.xml', 'none/a'], 'host-file-missing', 66],
      [['-n', ' ', 'domain.xml', 'out/a'], 'usage-arguments', 64],
    ] as const) {
      await writeFile(join(folder, 'disk.xml'), 'no xml');
      const ended = await generate(...words);
      const [line = '', ...more] = ended.stderr.trimEnd().split('\n');
      assert.ok(line.startsWith('vmnetx-generate: ') && line.endsWith(` (${code})`), ended.stderr);
      assert.ok(more.length <= 1, ended.stderr);
      assert.deepEqual([ended.status, ended.stdout], [status, ''], words.join(' '));
      assert.deepEqual(await readdir(join(folder, 'out')), []);
    }
  });

  for (const [name, status] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    it(`ends with ${status} at ${name}, and leaves what was there`, async () => {
      await writeFile(join(folder, 'disk'), randomFillSync(Buffer.alloc(96 * MEBIBYTE)));
      await writeFile(join(folder, 'out/a.nxpk'), 'old');
      // As a terminal does it: the whole group gets the signal, qemu-img too.
      const words = ['domain.xml', 'out/a.nxpk'];
      const child = spawn(command('vmnetx-generate'), words, {
        cwd: folder,
        env: environment,
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const ended = once(child, 'close');
      let said = '';
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding('utf8').on('data', (text: string) => (said += text));
      }
      await until('the copy has begun', async () => {
        const names = await readdir(join(folder, 'out'), { recursive: true });
        const disk = names.find((one) => one.endsWith('/disk'));
        return disk !== undefined && (await stat(join(folder, 'out', disk))).size > MEBIBYTE;
      });
      process.kill(-(child.pid ?? NaN), name);
      await ended;
      assert.deepEqual([child.exitCode, said], [status, '']);
      assert.deepEqual(await readdir(join(folder, 'out')), ['a.nxpk']);
      assert.equal(await readFile(join(folder, 'out/a.nxpk'), 'utf8'), 'old');
      assert.equal((await stat(join(folder, 'disk'))).size, 96 * MEBIBYTE);
    });
  }

  it('says what to install when there is no qemu-img', async () => {
    await writeFile(join(folder, 'disk'), Buffer.alloc(MEBIBYTE));
    const programs = join(folder, 'bin');
    await mkdir(programs);
    for (const program of ['sh', 'dirname', 'readlink']) {
      await symlink(await output('which', program), join(programs, program));
    }
    await symlink(process.execPath, join(programs, 'node'));
    environment['PATH'] = programs;
    const { status, stdout, stderr } = await generate('domain.xml', 'out/a.nxpk');
    assert.deepEqual([status, stdout], [69, '']);
    assert.equal(
      stderr,
      'vmnetx-generate: The program qemu-img is not installed. (host-program-missing)\n' +
        'Install the package “qemu-utils” of your distribution.\n',
    );
    assert.deepEqual(await readdir(join(folder, 'out')), []);
  });
});
