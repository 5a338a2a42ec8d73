import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFile,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  rm,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { command } from '../../scripts/command.js';
import { assertTold, endPrograms, startProgram, type StartedProgram } from '../e2e/support/program.js'; // prettier-ignore
import { pythonZip } from '../support/foreign-zip.js';
import { output } from '../support/programs.js';
import { randomBytes, seeded } from '../support/random.js';
import { sendRange, startServer, type ScriptedServer } from '../support/scripted-server.js';
import { until } from '../support/wait.js';

const NAME = 'schulmeisterin';
const PASSWORD = 'geheim-ist-es';
const COOKIE = 'session=kekskruemel';
/** All that was planted, as it is and as it goes over the line. */
const SECRETS = [NAME, PASSWORD, 'marke-im-link', 'kekskruemel', btoa(`${NAME}:${PASSWORD}`)];
const MANIFEST = `<image xmlns="http://olivearchive.org/xmlns/vmnetx/package" name="Win3">
  <domain path="domain.xml"/><disk path="disk.img"/>
</image>`;

/** Which of the secrets a text has. */
function leaked(text: string): readonly string[] {
  return SECRETS.filter((secret) => text.includes(secret));
}

describe('vmnetx log', function () {
  this.timeout(60_000);
  let folder = '';
  let environment: NodeJS.ProcessEnv = {};
  const packed = pythonZip([
    { name: 'vmnetx-package.xml', data: MANIFEST },
    { name: 'domain.xml', data: '<domain/>' },
    { name: 'disk.img', data: randomBytes(1_000_000, seeded(3)) },
  ]);

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'log-'));
    environment = { PATH: process.env['PATH'], HOME: folder, TZ: 'Asia/Kolkata' };
  });

  afterEach(async () => {
    await endPrograms();
    for (const name of await readdir(folder)) {
      await output('fusermount3', '-u', '-z', '-q', join(folder, name)).catch(() => '');
    }
    await rm(folder, { recursive: true });
  });

  async function mount(name: string, location: string, ...more: readonly string[]) {
    const target = join(folder, name);
    await mkdir(target);
    const program = startProgram('vmnetx', ['mount', location, target, ...more], environment);
    await until('it has mounted', () => program.stdout() !== '');
    return program;
  }

  async function localPackage(): Promise<string> {
    const path = join(folder, 'a.nxpk');
    await writeFile(path, packed);
    return path;
  }

  /** Ends a program as its user does. */
  async function end(program: StartedProgram): Promise<void> {
    program.kill('SIGINT');
    assert.equal((await program.ended).status, 0);
  }

  function log(...words: readonly string[]): StartedProgram {
    return startProgram('vmnetx', ['log', ...words], environment);
  }

  const logFolder = (): string => join(folder, '.local', 'state', 'vmnetx', 'log');

  it('says that there is none yet, by a status of its own', async () => {
    for (const words of [[], ['--follow']]) {
      const { status, stdout, stderr } = await log(...words).ended;
      assertTold(stderr, 'host-no-log');
      assert.deepEqual([status, stdout], [66, '']);
    }
  });

  it('prints what the newest session wrote, also while that goes on', async () => {
    await end(await mount('first', await localPackage()));
    const program = await mount('second', await localPackage());
    const live = await log().ended;
    assert.deepEqual([live.status, live.stderr], [0, '']);
    await end(program);
    const { stdout } = await log().ended;
    assert.ok(stdout.startsWith(live.stdout));
    const form = /^\d{4}-\d\d-\d\dT[\d:]{8}\.\d{3}\+05:30 (\w+) info (.*)$/;
    const entries = stdout.trimEnd().split('\n').map((line) => form.exec(line) ?? assert.fail(line)); // prettier-ignore
    assert.deepEqual(
      entries.map(([, part = '', text = '']) => `${part}: ${text.replace(/ \w+=.*/, '')}`),
      [
        'mount: VMNetX begins',
        'mount: The package was found',
        'vmnetfs: The images are being mounted',
        'vmnetfs: The images are mounted',
        'vmnetfs: The mount ends',
        'mount: The mount is over',
      ],
    );
    assert.match(stdout, /begins version=\d\S* .*location=\/.*\/a\.nxpk\n/);
    assert.match(stdout, / name=\S+ .*directoryDigest=[0-9a-f]{64}/);
  });

  it('goes on as more is written and with the next session, until it is interrupted', async () => {
    const first = await mount('first', await localPackage());
    const follower = log('--follow');
    await until('the first is shown', () => follower.stdout().includes('The images are mounted'));
    await end(first);
    await until('its end is shown', () => follower.stdout().includes('The mount is over'));
    const second = await mount('second', await localPackage());
    await until('the second is shown', () => follower.stdout().split('begins').length === 3);
    await end(second);
    await until('its end is shown', () => follower.stdout().split('is over').length === 3);
    follower.kill('SIGINT');
    const { status, stderr } = await follower.ended;
    assert.deepEqual([status, stderr], [130, '']);
  });

  it('ends quietly when nobody reads any more', async () => {
    const program = await mount('first', await localPackage());
    const reader = spawn(command('vmnetx'), ['log', '--follow'], { env: environment });
    const said: Buffer[] = [];
    reader.stderr.on('data', (piece: Buffer) => said.push(piece));
    // It may be over before the program is.
    const ended = once(reader, 'exit');
    await once(reader.stdout, 'data');
    reader.stdout.destroy();
    await end(program);
    const [status] = await Promise.race([ended, sleep(8000, ['still there'])]);
    reader.kill('SIGKILL');
    assert.deepEqual([status, Buffer.concat(said).toString()], [0, '']);
  });

  it('has a file for each of two sessions at once', async () => {
    const [first, second] = await Promise.all([
      mount('first', await localPackage()),
      mount('second', await localPackage()),
    ]);
    await Promise.all([end(first), end(second)]);
    const names = await readdir(logFolder());
    assert.equal(names.length, 2);
    for (const name of names) {
      const text = await readFile(join(logFolder(), name), 'utf8');
      for (const word of ['begins', 'are mounted', 'is over']) {
        assert.equal(text.split(word).length, 2, text);
      }
    }
  });

  it('says why nothing was mounted', async () => {
    const target = join(folder, 'target');
    await mkdir(target);
    await writeFile(join(folder, 'b.nxpk'), packed.subarray(0, 1000));
    const words = ['mount', join(folder, 'b.nxpk'), target];
    const failed = await startProgram('vmnetx', words, environment).ended;
    assert.equal(failed.status, 65);
    assert.match((await log().ended).stdout, / mount error The mount failed code=package-/);
  });

  it('says why a part of the program crashed', async () => {
    const trap = join(folder, 'trap.mjs');
    const code = `import { existsSync } from 'node:fs';
      const name = process.argv[1].endsWith('vmnetfs/process.js') ? 'vmnetfs' : 'command';
      setInterval(() => {
        if (existsSync(${JSON.stringify(join(folder, 'crash-'))} + name)) throw new Error('planted');
      }, 20).unref();`;
    await writeFile(trap, code);
    environment['NODE_OPTIONS'] = `--import ${trap}`;
    const program = await mount('target', await localPackage());
    await writeFile(join(folder, 'crash-vmnetfs'), '');
    assert.equal((await program.ended).status, 69);
    const { stdout } = await log().ended;
    assert.match(stdout, / vmnetfs error vmnetfs crashed code=internal-error .*planted.*trap\.mjs/);
    assert.match(stdout, / mount error The mount failed code=host-mount-lost /);

    await rm(join(folder, 'crash-vmnetfs'));
    const other = await mount('other', await localPackage());
    await writeFile(join(folder, 'crash-command'), '');
    assert.equal((await other.ended).status, 70);
    await rm(join(folder, 'crash-command'));
    const again = await log().ended;
    assert.match(again.stdout, / mount error VMNetX crashed code=internal-error .*planted.*trap/);
  });

  it('is not needed: a machine is mounted without', async () => {
    await mkdir(join(folder, '.local', 'state', 'vmnetx'), { recursive: true });
    await writeFile(logFolder(), 'in its place');
    const program = await mount('target', await localPackage());
    program.kill('SIGINT');
    const { status, stderr } = await program.ended;
    assert.equal(status, 0);
    assert.match(stderr, /^vmnetx: The logs in .*\/log cannot be used.*\(host-log-unusable\)\n$/);
    assertTold((await log().ended).stderr, 'host-log-unusable');
  });

  describe('of a session with secrets', () => {
    let server: ScriptedServer;
    let failing = 0;

    beforeEach(async () => {
      failing = 2;
      server = await startServer((request, response) => {
        response.setHeader('set-cookie', `${COOKIE}; Path=/`);
        const { authorization } = request.headers;
        if (authorization !== `Basic ${btoa(`${NAME}:${PASSWORD}`)}`) {
          response.writeHead(401, { 'www-authenticate': 'Basic realm="a"' }).end();
        } else if (failing-- > 0) {
          response.writeHead(503).end();
        } else {
          sendRange(request, response, packed);
        }
      });
    });
    afterEach(() => server.stop());

    /** Every file that was written, and all that was said. */
    async function everythingFrom(programs: readonly StartedProgram[]): Promise<string> {
      const said = await Promise.all(programs.map(({ ended }) => ended));
      const entries = await readdir(join(folder, '.local'), {
        recursive: true,
        withFileTypes: true,
      });
      const files = entries.filter((entry) => entry.isFile());
      const texts = await Promise.all(
        files.map(({ parentPath, name }) => readFile(join(parentPath, name), 'latin1')),
      );
      assert.ok(texts.length > 0);
      return [...said.flatMap(({ stdout, stderr }) => [stdout, stderr]), ...texts].join('\n');
    }

    it('tells of tries and of ends, and of no secret', async () => {
      environment['VMNETX_LOG_LEVEL'] = 'debug';
      const passwordFile = join(folder, 'password');
      await writeFile(passwordFile, `${PASSWORD}\n`);
      const address = `${server.origin}/a.nxpk?token=marke-im-link#marke-im-link`;
      const named = address.replace('//', `//${NAME}:${PASSWORD}@`);
      const first = await mount('first', named, '--verbose');
      await read('first', 500_000);
      first.kill('SIGINT');
      const { stdout } = await log().ended;
      assert.match(stdout, / mount info A request is tried again code=server-busy /);
      failing = 2;
      const login = ['--user', NAME, '--password-file', passwordFile];
      const second = await mount('second', address, '--verbose', ...login);
      failing = 1;
      // What was read before is kept.
      await read('second', 900_000);
      second.kill('SIGINT');
      const wrong = named.replace(PASSWORD, `${PASSWORD}2`);
      const target = join(folder, 'third');
      await mkdir(target);
      const third = startProgram('vmnetx', ['mount', wrong, target, '--verbose'], environment);
      await third.ended;
      const everything = await everythingFrom([first, second, third, log()]);
      assert.match(everything, / vmnetfs info A request is tried again tries=1 /);
      assert.match(everything, / mount error The mount failed code=server-login-/);
      assert.ok(everything.includes(`location=${server.origin}/a.nxpk\n`));
      assert.ok(server.requests.some(({ headers }) => headers.cookie === COOKIE));
      assert.ok(server.requests.some(({ url }) => url?.includes('marke-im-link') === true));
      assert.deepEqual(leaked(everything), []);

      // The check itself is one that would find them.
      const [name = ''] = await readdir(logFolder());
      await appendFile(join(logFolder(), name), `${named} ${COOKIE} ${SECRETS.join(' ')}\n`);
      assert.deepEqual(leaked(await everythingFrom([])), SECRETS);
    });

    async function read(name: string, offset: number): Promise<void> {
      const file = await open(join(folder, name, 'disk'));
      await file.read(Buffer.alloc(4096), 0, 4096, offset);
      await file.close();
    }
  });
});
