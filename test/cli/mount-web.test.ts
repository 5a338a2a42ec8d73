import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { mkdir, mkdtemp, open, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { command } from '../../scripts/command.js';
import { assertTold, endPrograms, startProgram } from '../e2e/support/program.js';
import type { StartedProgram } from '../e2e/support/program.js';
import { pythonZip } from '../support/foreign-zip.js';
import { isMounted } from '../support/mounts.js';
import { output } from '../support/programs.js';
import { serveProtected } from '../support/protected-server.js';
import { randomBytes, seeded } from '../support/random.js';
import { requestedRange, sendRange, startServer } from '../support/scripted-server.js';
import type { ScriptedServer } from '../support/scripted-server.js';
import { Terminal } from '../support/terminal.js';
import { until } from '../support/wait.js';

const MANIFEST = `<image xmlns="http://olivearchive.org/xmlns/vmnetx/package" name="A">
  <domain path="domain.xml"/><disk path="disk.img"/>
</image>`;
const CHUNK_BYTES = 131_072;
const CHUNKS = 64;
const disk = randomBytes(CHUNKS * CHUNK_BYTES - 777, seeded(23));

/** Milliseconds after which a network that fails is tried again, at the latest, and then some. */
const BACK_MILLISECONDS = 40_000;

describe('vmnetx mount of a package on a web server', function () {
  this.timeout(90_000);
  let folder = '';
  let target = '';
  let environment: NodeJS.ProcessEnv = {};
  const packed = pythonZip([
    { name: 'vmnetx-package.xml', data: MANIFEST },
    { name: 'domain.xml', data: '<domain/>' },
    { name: 'disk.img', data: disk },
  ]);
  const diskOffset = packed.indexOf(disk.subarray(0, 64));
  let server: ScriptedServer;
  let answer: (request: IncomingMessage, response: ServerResponse) => void;
  const serve = (request: IncomingMessage, response: ServerResponse): void => {
    sendRange(request, response, packed);
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mount-web-'));
    target = join(folder, 'target');
    await mkdir(target);
    environment = { PATH: process.env['PATH'], HOME: folder, XDG_RUNTIME_DIR: join(folder, 'run') };
    await mkdir(join(folder, 'run'), { mode: 0o700 });
    answer = serve;
    server = await startServer((request, response) => {
      answer(request, response);
    });
  });

  afterEach(async () => {
    await endPrograms();
    await server.stop();
    await output('fusermount3', '-u', '-z', '-q', target).catch(() => '');
    await rm(folder, { recursive: true });
  });

  function start(...options: readonly string[]): StartedProgram {
    const words = ['mount', `${server.origin}/a.nxpk`, target, ...options];
    return startProgram('vmnetx', words, environment);
  }

  async function mount(...options: readonly string[]): Promise<StartedProgram> {
    const program = start(...options);
    await until('it says that it has mounted', () => program.stdout() !== '');
    return program;
  }

  async function unmount(program: StartedProgram): Promise<string> {
    program.kill('SIGINT');
    const { status, stderr } = await program.ended;
    assert.equal(status, 0, stderr);
    assert.ok(!(await isMounted(target)));
    return stderr;
  }

  async function readChunk(chunk: number): Promise<void> {
    const file = await open(join(target, 'disk'));
    try {
      const { buffer, bytesRead } = await file.read(
        Buffer.alloc(4096),
        0,
        4096,
        chunk * CHUNK_BYTES,
      );
      const start = chunk * CHUNK_BYTES;
      assert.ok(buffer.subarray(0, bytesRead).equals(disk.subarray(start, start + bytesRead)));
    } finally {
      await file.close();
    }
  }

  /** Whether some request asked for the first byte of a chunk. */
  function wasAskedFor(chunk: number): boolean {
    const at = diskOffset + chunk * CHUNK_BYTES;
    return server.requests.map(requestedRange).some(({ first, last }) => first <= at && at <= last);
  }

  interface Touch {
    readonly image: string;
    readonly chunk: number;
    readonly milliseconds: number;
  }

  async function recorded(path: string): Promise<readonly Touch[]> {
    const [head = '', ...lines] = (await readFile(path, 'utf8')).trimEnd().split('\n');
    assert.deepEqual(JSON.parse(head), {
      format: 'vmnetx-working-set',
      version: 1,
      chunkBytes: CHUNK_BYTES,
    });
    return lines.map((line) => {
      const touch: unknown = JSON.parse(line);
      return isTouch(touch) ? touch : assert.fail(line);
    });
  }

  function isTouch(value: unknown): value is Touch {
    return typeof value === 'object' && value !== null && 'chunk' in value;
  }

  it('records what was touched first, and when, at its end', async () => {
    const record = join(folder, 'record');
    const program = await mount('--record', record);
    for (const chunk of [40, 3, 40, 63]) await readChunk(chunk);
    await writeFile(join(target, 'disk'), 'written', { flag: 'r+' });
    assert.deepEqual((await readdir(folder)).includes('record'), false);
    assert.equal(await unmount(program), '');
    const touches = await recorded(record);
    assert.deepEqual(
      touches.map(({ image, chunk }) => [image, chunk]),
      [
        ['disk', 40],
        ['disk', 3],
        ['disk', 63],
        ['disk', 0],
      ],
    );
    const times = touches.map(({ milliseconds }) => milliseconds);
    assert.deepEqual(
      times,
      times.toSorted((one, other) => one - other),
    );
    assert.ok(times.every((time) => time >= 0 && time < 60_000));
  });

  it('fetches ahead what such a record names, and nothing else', async () => {
    const record = join(folder, 'record');
    const program = await mount('--record', record);
    for (const chunk of [40, 20]) await readChunk(chunk);
    await unmount(program);
    await rm(join(folder, '.cache'), { recursive: true });
    const before = server.requests.length;
    const again = await mount('--prefetch', record);
    await until('both are fetched', () => {
      const asked = server.requests.slice(before).map(requestedRange);
      return [40, 20].every((chunk) => {
        const at = diskOffset + chunk * CHUNK_BYTES;
        return asked.some(({ first, last }) => first <= at && at <= last);
      });
    });
    // Whoever reads them now waits for nobody.
    answer = (_, response) => response.destroy();
    for (const chunk of [20, 40]) await readChunk(chunk);
    assert.ok(!wasAskedFor(50));
    assert.equal(await unmount(again), '');
  });

  it('fetches all of it when it is to be whole, though nobody reads', async () => {
    const program = await mount('--whole');
    await until('all of it is kept', async () => {
      const words = ['cache', 'list', '--json'];
      const { stdout } = await startProgram('vmnetx', words, environment).ended;
      return stdout.includes(`"cachedBytes": ${disk.length},`);
    });
    assert.equal(await unmount(program), '');
  });

  it('refuses a record of something else, and mounts nothing', async () => {
    const record = join(folder, 'record');
    const head = '{"format":"vmnetx-working-set","version":1,"chunkBytes":131072}\n';
    for (const text of ['other', `${head}{"image":"disk","chunk":${CHUNKS},"milliseconds":1}\n`]) {
      await writeFile(record, text);
      const { status, stdout, stderr } = await start('--prefetch', record).ended;
      assertTold(stderr, 'image-working-set');
      assert.deepEqual([status, stdout], [65, '']);
    }
  });

  it('refuses at once to record where nothing can be written', async () => {
    const { status, stderr } = await start('--record', join(folder, 'none', 'record')).ended;
    assertTold(stderr, 'host-file-missing');
    assert.equal(status, 66);
    assert.equal(server.requests.length, 0);
  });

  it('tells when the network is away and when it is back, once each, and reads go on', async () => {
    const program = await mount();
    answer = (_, response) => response.destroy();
    const reading = readChunk(30);
    await until('it says so', () => program.stderr().includes('Waiting for the network'));
    answer = serve;
    await reading;
    await until('it says so', () => program.stderr().includes('is back'), BACK_MILLISECONDS);
    assert.match(
      await unmount(program),
      /^vmnetx: Waiting for the network: .+ \(network-failed\)\nvmnetx: The network is back\.\n$/,
    );
  });

  it('tells when what is fetched cannot be kept, and reads all the same', async () => {
    environment['VMNETX_CACHE_LIMIT'] = '1';
    const program = await mount();
    assert.ok((await readFile(join(target, 'disk'))).equals(disk));
    await until('it says so', () => program.stderr().includes('not kept'));
    assert.match(
      await unmount(program),
      /^vmnetx: What is fetched is not kept: .+ \(store-full\)\n$/,
    );
  });

  it('ends with 130 when it is interrupted before there is anything to mount', async () => {
    answer = () => undefined;
    const program = start();
    await until('it asks', () => server.requests.length > 0);
    program.kill('SIGINT');
    const { status, stdout, stderr } = await program.ended;
    assert.deepEqual([status, stdout, stderr], [130, '', '']);
    assert.deepEqual(await readdir(target), []);
  });

  describe('that asks who is there', () => {
    for (const scheme of ['basic', 'digest'] as const) {
      it(`logs in by ${scheme} for what it mounts, too`, async () => {
        await using site = await serveProtected(packed, scheme, 'ada', 'secret-word');
        const passwordFile = join(folder, 'password');
        await writeFile(passwordFile, 'secret-word');
        const words = ['mount', `${site.origin}/a.nxpk`, target];
        const login = ['--user', 'ada', '--password-file', passwordFile];
        const program = startProgram('vmnetx', [...words, ...login], environment);
        await until('it says that it has mounted', () => program.stdout() !== '');
        assert.ok((await readFile(join(target, 'disk'))).equals(disk));
        assert.ok(!(await unmount(program)).includes('secret-word'));
        assert.deepEqual(await filesWith('secret-word'), []);
      });
    }

    it('asks a person once, although two processes need to know', async () => {
      await using site = await serveProtected(packed, 'digest', 'ada', 'secret-word');
      const words = [command('vmnetx'), 'mount', `${site.origin}/a.nxpk`, target];
      await using terminal = new Terminal(words, environment);
      await terminal.see('Name: ');
      terminal.type('ada\r');
      await terminal.see('Password: ');
      terminal.type('secret-word\r');
      await terminal.see(`mounted ${target}`);
      assert.ok((await readFile(join(target, 'disk'))).equals(disk));
      terminal.type('\u0003');
      assert.equal(await terminal.ended, 0);
      assert.equal(terminal.shown.split('Password: ').length, 2);
      assert.ok(terminal.isAsBefore);
    });

    /** The files below the home folder that have the word in them, but for the one that gave it. */
    async function filesWith(word: string): Promise<readonly string[]> {
      const found: string[] = [];
      for (const name of await readdir(folder, { recursive: true })) {
        const path = join(folder, name);
        if (name === 'password' || !(await stat(path)).isFile()) continue;
        if ((await readFile(path)).includes(word)) found.push(name);
      }
      return found;
    }
  });
});
