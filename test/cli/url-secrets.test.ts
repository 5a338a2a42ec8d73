import assert from 'node:assert/strict';
import { mkdir, mkdtemp, open, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endPrograms, startProgram, type StartedProgram } from '../e2e/support/program.js';
import { pythonZip } from '../support/foreign-zip.js';
import { output } from '../support/programs.js';
import { serveProtected } from '../support/protected-server.js';
import { randomBytes, seeded } from '../support/random.js';
import type { ScriptedServer } from '../support/scripted-server.js';
import { until } from '../support/wait.js';

const MANIFEST = `<image xmlns="http://olivearchive.org/xmlns/vmnetx/package" name="A">
  <domain path="domain.xml"/><disk path="disk.img"/>
</image>`;
const SECRET = /geheim|c2NodWxlOmdlaGVpbQ/;

describe('a password and a signature in an address', function () {
  this.timeout(60_000);
  let folder = '';
  let target = '';
  let server: ScriptedServer;
  let address = '';
  const packed = pythonZip([
    { name: 'vmnetx-package.xml', data: MANIFEST },
    { name: 'domain.xml', data: '<domain/>' },
    { name: 'disk.img', data: randomBytes(1_000_000, seeded(3)) },
  ]);

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'secrets-'));
    target = join(folder, 'target');
    await mkdir(target);
    await mkdir(join(folder, 'run'), { mode: 0o700 });
    server = await serveProtected(packed, 'basic', 'schule', 'geheim');
    const { host } = new URL(server.origin);
    address = `http://schule:geheim@${host}/a.nxpk?signature=geheim-too#geheim`;
  });

  afterEach(async () => {
    await endPrograms();
    await server.stop();
    await output('fusermount3', '-u', '-z', '-q', target).catch(() => '');
    await rm(folder, { recursive: true });
  });

  function start(...words: readonly string[]): StartedProgram {
    const environment = {
      PATH: process.env['PATH'],
      HOME: folder,
      XDG_RUNTIME_DIR: join(folder, 'run'),
    };
    return startProgram('vmnetx', words, environment);
  }

  /** The content of every file that was kept, and its name. */
  async function kept(): Promise<readonly (readonly [string, Buffer])[]> {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile() && entry.parentPath !== target);
    return Promise.all(
      files.map(async ({ parentPath, name }) => {
        const path = join(parentPath, name);
        return [path, await readFile(path)] as const;
      }),
    );
  }

  it('open the package, and are neither kept nor told nor handed on in arguments', async () => {
    const program = start('mount', address, target, '--verbose');
    await until('it has mounted', () => program.stdout() !== '' || program.stderr() !== '');
    const disk = await open(join(target, 'disk'));
    await disk.read(Buffer.alloc(4096), 0, 4096, 500_000);
    await disk.close();
    const lines = (await output('ps', '-eo', 'ppid=,args=')).split('\n');
    const below = lines.filter((line) => line.trim().startsWith(`${program.pid} `));
    assert.ok(below.length > 0);
    for (const line of below) assert.doesNotMatch(line, SECRET);
    program.kill('SIGINT');
    const { status, stdout, stderr } = await program.ended;
    assert.equal(status, 0, stderr);
    assert.doesNotMatch(stdout + stderr, SECRET);
    assert.ok(server.requests.some(({ url }) => url?.endsWith('signature=geheim-too') === true));

    const files = await kept();
    assert.ok(files.some(([, bytes]) => bytes.includes('/a.nxpk')));
    for (const [path, bytes] of files) assert.doesNotMatch(path + bytes.toString('latin1'), SECRET);
  });

  it('are not told by any error, however much is asked for', async () => {
    const wrong = [
      address.replace(':geheim@', ':geheim2@'),
      address.replace('http:', 'gopher:'),
      address.replace('a.nxpk', 'a b'),
      address.replace(/:\d+\//, ':9/'),
      address.replace(/@.*?\//, '@nowhere.invalid/'),
      address,
    ];
    for (const location of wrong) {
      for (const style of ['--verbose', '--json']) {
        const { status, stdout, stderr } = await start('info', location, style).ended;
        assert.notEqual(status, 0);
        assert.doesNotMatch(stdout + stderr, SECRET, location);
      }
    }
  });
});
