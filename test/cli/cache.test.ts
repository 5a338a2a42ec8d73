import assert from 'node:assert/strict';
import {
  chmod,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  rm,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  assertTold,
  endPrograms,
  startProgram,
  type StartedProgram,
} from '../e2e/support/program.js';
import { checkout } from '../support/checkout.js';
import { pythonZip } from '../support/foreign-zip.js';
import { output } from '../support/programs.js';
import { randomBytes, seeded } from '../support/random.js';
import { sendRange, startServer, type ScriptedServer } from '../support/scripted-server.js';
import { until } from '../support/wait.js';

const CHUNK_BYTES = 131_072;
const DISK_BYTES = 8 * CHUNK_BYTES - 777;

describe('vmnetx cache', function () {
  this.timeout(90_000);
  const packages = new Map<string, Buffer>();
  let folder = '';
  let environment: NodeJS.ProcessEnv = {};
  let server: ScriptedServer;

  before(async () => {
    const domain = await readFile(join(checkout, 'test/golden/machine/minimal.package.xml'));
    for (const [index, name] of ['A', 'B'].entries()) {
      const manifest = `<image xmlns="http://olivearchive.org/xmlns/vmnetx/package" name="Machine ${name}">
        <domain path="domain.xml"/><disk path="disk.img"/></image>`;
      const members = [
        { name: 'vmnetx-package.xml', data: manifest },
        { name: 'domain.xml', data: domain },
        { name: 'disk.img', data: randomBytes(DISK_BYTES, seeded(40 + index)) },
      ];
      packages.set(`/${name.toLowerCase()}.nxpk`, pythonZip(members));
    }
  });

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cache-'));
    await mkdir(join(folder, 'target'));
    await mkdir(join(folder, 'run'), { mode: 0o700 });
    environment = { PATH: process.env['PATH'], HOME: folder, XDG_RUNTIME_DIR: join(folder, 'run') };
    server = await startServer((request, response) => {
      const { pathname } = new URL(request.url ?? '/', 'http://localhost');
      const found = packages.get(pathname);
      if (found === undefined) response.writeHead(404).end();
      else sendRange(request, response, found);
    });
  });

  afterEach(async () => {
    await endPrograms();
    await output('fusermount3', '-u', '-z', '-q', join(folder, 'target')).catch(() => '');
    await server.stop();
    await rm(folder, { recursive: true });
  });

  const vmnetx = (...words: readonly string[]) => startProgram('vmnetx', words, environment).ended;

  /** What it says on standard output when all goes well. */
  async function told(...words: readonly string[]): Promise<string> {
    const { status, stdout, stderr } = await vmnetx(...words);
    assert.deepEqual([status, stderr], [0, ''], `${words.join(' ')}: ${stdout}`);
    return stdout;
  }

  async function toldAsObject(...words: readonly string[]): Promise<Record<string, unknown>> {
    const value: unknown = JSON.parse(await told('cache', ...words, '--json'));
    assert.ok(typeof value === 'object' && value !== null);
    return Object.fromEntries(Object.entries(value));
  }

  async function listed(): Promise<readonly Record<string, unknown>[]> {
    const { images } = await toldAsObject('list');
    assert.ok(Array.isArray(images));
    return images.map((image: unknown) => Object.fromEntries(Object.entries(image ?? {})));
  }

  async function mount(url: string): Promise<StartedProgram> {
    const program = startProgram('vmnetx', ['mount', url, join(folder, 'target')], environment);
    await until('it says that it has mounted', () => program.stdout() !== '');
    return program;
  }

  /** Fetches the first bytes of a machine's disk, or all, and ends again. */
  async function use(url: string, bytes: number): Promise<void> {
    const program = await mount(url);
    const file = await open(join(folder, 'target/disk'));
    const { bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, 0);
    assert.equal(bytesRead, bytes);
    await file.close();
    program.kill('SIGINT');
    assert.equal((await program.ended).status, 0);
  }

  const a = () => `${server.origin}/a.nxpk`;
  const b = () => `${server.origin}/b.nxpk`;

  it('lists nothing where nothing is kept, and makes nothing', async () => {
    assert.equal(await told('cache', 'list'), 'Nothing is kept.\n');
    const { images, usedBytes, directory } = await toldAsObject('list');
    assert.deepEqual([images, usedBytes], [[], 0]);
    assert.equal(directory, join(folder, '.cache/vmnetx'));
    assert.equal(await told('cache', 'clear'), 'Nothing was removed.\n');
    assert.deepEqual((await readdir(folder)).sort(), ['run', 'target']);
  });

  it('lists what is kept and how much of it, for people and for programs', async () => {
    await use(`${a()}?signature=secret`, DISK_BYTES);
    await use(b(), 1000);
    const text = await told('cache', 'list');
    const [head = '', first = '', second = '', , total = ''] = text.split('\n');
    assert.match(head, /^NAME +KEPT +LAST USED +STATE +ADDRESS$/);
    assert.match(first, /^Machine B {2}\d.*of 1023\.2 KiB {2}\d{4}-\d\d-\d\d \d\d:\d\d .*b\.nxpk$/);
    assert.match(second, /^Machine A {2}all of 1023\.2 KiB .*a\.nxpk$/);
    assert.match(total, /^1\.\d MiB of at most [\d.]+ [GT]iB in .*\/vmnetx$/);
    assert.equal(head.indexOf('ADDRESS'), first.indexOf('http'));
    assert.doesNotMatch(text, /secret|signature|in use|pinned/);

    const [imageB, imageA] = await listed();
    assert.deepEqual(
      [imageA?.['url'], imageA?.['member'], imageA?.['machineName'], imageA?.['sizeBytes']],
      [a(), 'disk.img', 'Machine A', DISK_BYTES],
    );
    assert.deepEqual([imageA?.['cachedBytes'], imageA?.['inUse']], [DISK_BYTES, false]);
    assert.ok(Number(imageB?.['cachedBytes']) >= CHUNK_BYTES);
    assert.ok(Math.abs(Date.parse(String(imageA?.['lastUsed'])) - Date.now()) < 60_000);
  });

  it('lets info say how much is here', async () => {
    const here = async (url: string): Promise<unknown> => {
      const info: unknown = JSON.parse(await told('info', '--json', url));
      return typeof info === 'object' && info !== null && 'cachedBytes' in info
        ? info.cachedBytes
        : assert.fail();
    };
    assert.equal(await here(a()), 0);
    assert.deepEqual((await readdir(folder)).includes('.cache'), false);
    await use(a(), DISK_BYTES);
    assert.equal(await here(`${a()}?other=signature`), DISK_BYTES);
    assert.match(await told('info', a()), /^Size: .* of which 1023\.2 KiB are here$/m);
    await writeFile(join(folder, '.cache/vmnetx/store.json'), '{"format":2}');
    assert.equal(await here(a()), null);
    assert.match(await told('info', a()), /^Size: +[\d.]+ KiB$/m);
  });

  it('sets, shows and keeps the limit', async () => {
    const shown = await told('cache', 'limit');
    assert.match(shown, /^[\d.]+ [GT]iB \(a tenth of the file system, at least 10 GiB\)\n$/);
    assert.equal((await toldAsObject('limit'))['from'], 'default');

    await use(a(), DISK_BYTES);
    await use(b(), DISK_BYTES);
    const set = await told('cache', 'limit', '1500K');
    assert.equal(
      set,
      `Fetched data may take 1.5 MiB (by “vmnetx cache limit”).\nRemoved the data of “Machine A” (${a()}).\n`,
    );
    const settings = await readFile(join(folder, '.config/vmnetx/settings.json'), 'utf8');
    assert.deepEqual(JSON.parse(settings), { 'cache.limit': 1_536_000 });
    assert.deepEqual(await toldAsObject('limit'), { limitBytes: 1_536_000, from: 'settings' });
    assert.deepEqual(
      (await listed()).map((image) => image['url']),
      [b()],
    );

    environment['VMNETX_CACHE_LIMIT'] = '5000000000';
    assert.deepEqual(await toldAsObject('limit'), { limitBytes: 5e9, from: 'environment' });
    environment['VMNETX_CACHE_LIMIT'] = 'much';
    const wrong = await vmnetx('cache', 'list');
    assertTold(wrong.stderr, 'usage-arguments');
    assert.equal(wrong.status, 64);
    delete environment['VMNETX_CACHE_LIMIT'];
    assert.equal((await toldAsObject('limit', 'default'))['from'], 'default');
    await writeFile(join(folder, '.config/vmnetx/settings.json'), '{');
    const malformed = await vmnetx('cache', 'limit');
    assertTold(malformed.stderr, 'settings-malformed');
    assert.equal(malformed.status, 65);
  });

  it('keeps what is pinned whatever the limit, also offline and by a reference', async () => {
    await use(a(), DISK_BYTES);
    await use(b(), DISK_BYTES);
    const reference = join(folder, 'a.netx');
    await writeFile(
      reference,
      `<reference xmlns="http://olivearchive.org/xmlns/vmnetx/reference"><url>${a()}?new=1</url></reference>`,
    );
    const { requests } = server;
    const before = requests.length;
    assert.equal(
      await told('cache', 'pin', reference),
      `The data of “Machine A” (${a()}) is kept whatever the limit.\n`,
    );
    assert.match(await told('cache', 'list'), /^Machine A .* pinned .*a\.nxpk$/m);
    const limited = await told('cache', 'limit', '1');
    assert.match(limited, /^Fetched data may take 1 byte/);
    assert.match(limited, /\nRemoved the data of “Machine B” /);
    assert.match(limited, /\nWhat is in use or pinned takes more: 1.* MiB\.\n$/);
    assert.match(await told('cache', 'clear'), /^Nothing was removed\.\nPinned, so not removed: /);
    assert.equal((await toldAsObject('unpin', `${a()}?any=thing`))['pinned'], false);
    assert.equal(requests.length, before);

    const { removed, freedBytes, inUse, pinned } = await toldAsObject('clear');
    assert.ok(Array.isArray(removed) && removed.length === 1);
    assert.ok(Number(freedBytes) > DISK_BYTES);
    assert.deepEqual([inUse, pinned], [[], []]);
    assert.deepEqual(await listed(), []);
  });

  it('removes one machine by its name, but none that is in use', async () => {
    await use(b(), 1000);
    const program = await mount(a());
    await readFile(join(folder, 'target/disk'));
    assert.match(await told('cache', 'list'), /^Machine A .* in use .*a\.nxpk$/m);
    const refused = await vmnetx('cache', 'clear', a());
    assert.equal(
      refused.stderr,
      `vmnetx: The data of “Machine A” (${a()}) is in use and was not removed. (store-in-use)\nClose the machine, then try again.\n`,
    );
    assert.equal(refused.status, 69);
    const rest = await told('cache', 'clear');
    assert.match(rest, /^Removed [\d.]+ KiB: the data of “Machine B” \(.*b\.nxpk\)\.\n/);
    assert.match(rest, /\nIn use, so not removed: the data of “Machine A” \(.*\)\.\n$/);
    program.kill('SIGINT');
    await program.ended;
    assert.match(await told('cache', 'clear', a()), /^Removed .*: the data of “Machine A”/);
    assert.deepEqual(await readdir(join(folder, '.cache/vmnetx/images')), []);
  });

  it('tells the least recently used from the others by when they were used', async () => {
    await use(a(), DISK_BYTES);
    await use(b(), DISK_BYTES);
    const [recent] = await listed();
    assert.equal(recent?.['url'], b());
    const used = join(folder, '.cache/vmnetx/images', String(recent['key']), 'used');
    await utimes(used, new Date(0), new Date(0));
    assert.match(await told('cache', 'limit', '1500K'), /Removed the data of “Machine B”/);
  });

  it('says so when nothing is kept of what is named', async () => {
    const local = join(folder, 'local.nxpk');
    await writeFile(local, packages.get('/a.nxpk') ?? '');
    for (const [words, code, status] of [
      [['pin', local], 'store-nothing-kept', 66],
      [['unpin', a()], 'store-nothing-kept', 66],
      [
        ['clear', `http://name:secret@${new URL(a()).host}/a.nxpk?b=secret`],
        'store-nothing-kept',
        66,
      ],
      [['pin', join(folder, 'none.netx')], 'reference-missing', 66],
      [['pin', `${server.origin}/none`], 'server-not-found', 66],
    ] as const) {
      const { status: ended, stderr } = await vmnetx('cache', ...words);
      assertTold(stderr, code);
      assert.equal(ended, status);
      assert.doesNotMatch(stderr, /secret/);
    }
  });

  it('says so when the store is not its own', async () => {
    const store = join(folder, '.cache/vmnetx');
    await mkdir(store, { recursive: true });
    await writeFile(join(store, 'store.json'), '{"format": 99}');
    const newer = await vmnetx('cache', 'list', '--json');
    assert.equal(newer.status, 69);
    assert.match(newer.stdout, /"code": "store-newer"/);
    await chmod(store, 0o777);
    const unsafe = await vmnetx('cache', 'list');
    assertTold(unsafe.stderr, 'store-unsafe');
    assert.equal(unsafe.status, 77);
  });
});
