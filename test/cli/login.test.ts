import assert from 'node:assert/strict';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { command } from '../../scripts/command.js';
import { assertTold, endPrograms, startProgram } from '../e2e/support/program.js';
import { pythonZip } from '../support/foreign-zip.js';
import { childrenOf } from '../support/processes.js';
import { output } from '../support/programs.js';
import { serveProtected, type Scheme } from '../support/protected-server.js';
import { startServer, type ScriptedServer } from '../support/scripted-server.js';
import { Terminal } from '../support/terminal.js';
import { eventually } from '../support/wait.js';

const NAME = 'ada';
const PASSWORD = 'Pässwort aus Wörtern';
const FIXTURE = new URL('../../../test/golden/machine/minimal.package.xml', import.meta.url);
const MANIFEST = `<image xmlns="http://olivearchive.org/xmlns/vmnetx/package" name="Xenix">
  <domain path="domain.xml"/><disk path="disk.img"/>
</image>`;

describe('logging in to a web server', function () {
  this.timeout(60_000);
  let folder = '';
  let passwordFile = '';
  let environment: NodeJS.ProcessEnv = {};
  let packed: Buffer;
  let server: ScriptedServer;
  const started: ScriptedServer[] = [];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'login-'));
    passwordFile = join(folder, 'password');
    await writeFile(passwordFile, `${PASSWORD}\n`);
    environment = { PATH: process.env['PATH'], HOME: folder, VMNETX_ACCELERATOR: 'tcg' };
    packed = pythonZip([
      { name: 'vmnetx-package.xml', data: MANIFEST },
      { name: 'domain.xml', data: await readFile(FIXTURE) },
      { name: 'disk.img', data: Buffer.alloc(1 << 20) },
    ]);
  });

  afterEach(async () => {
    await endPrograms();
    for (const one of started.splice(0)) await one.stop();
  });
  after(() => rm(folder, { recursive: true }));

  async function serve(scheme: Scheme): Promise<ScriptedServer> {
    server = await serveProtected(packed, scheme, NAME, PASSWORD);
    started.push(server);
    return server;
  }

  function info(...options: readonly string[]) {
    const words = ['info', `${server.origin}/a.nxpk`, ...options];
    return startProgram('vmnetx', words, environment).ended;
  }

  function onTerminal(...options: readonly string[]): Terminal {
    const words = [command('vmnetx'), 'info', `${server.origin}/a.nxpk`, ...options];
    return new Terminal(words, environment);
  }

  const host = (): string => new URL(server.origin).host;
  const given = (): readonly string[] => ['--user', NAME, '--password-file', passwordFile];

  describe('by options', () => {
    it('reads a package by Basic, and warns that others can read the password', async () => {
      await serve('basic');
      const { status, stdout, stderr } = await info(...given());
      assert.match(stdout, /^Name: +Xenix\n/);
      assert.equal(
        stderr,
        `vmnetx: The connection to ${host()} is not encrypted: others can read the password.\n`,
      );
      assert.equal(status, 0);
    });

    it('reads a package by Digest, which nobody need be warned of', async () => {
      await serve('digest');
      const { status, stdout, stderr } = await info(...given());
      assert.match(stdout, /^Name: +Xenix\n/);
      assert.deepEqual([status, stderr], [0, '']);
      assert.ok(!JSON.stringify(server.requests.map(({ headers }) => headers)).includes(PASSWORD));
    });

    it('says that a wrong password is wrong, after one try, and does not repeat it', async () => {
      await serve('digest');
      const wrong = join(folder, 'wrong');
      await writeFile(wrong, 'wrong-secret');
      const { status, stdout, stderr } = await info('--user', NAME, '--password-file', wrong);
      assertTold(stderr, 'server-login-refused');
      assert.ok(!stderr.includes('wrong-secret'));
      assert.deepEqual([status, stdout], [77, '']);
      assert.equal(server.requests.length, 2);
    });

    it('gives them to no server but the one that was named', async () => {
      const other = await serve('basic');
      await using named = await startServer((_, response) => {
        response.writeHead(302, { location: `${other.origin}/a.nxpk` }).end();
      });
      const words = ['info', `${named.origin}/a.nxpk`, ...given()];
      const { status, stderr } = await startProgram('vmnetx', words, environment).ended;
      assertTold(stderr, 'server-login-required');
      assert.equal(status, 77);
      assert.ok(other.requests.every(({ headers }) => headers.authorization === undefined));
    });

    it('gives them to the server that a reference file leads to', async () => {
      await serve('digest');
      const reference = join(folder, 'a.netx');
      await output(command('vmnetx-generate'), '-r', `${server.origin}/a.nxpk`, reference);
      const words = ['info', reference, ...given()];
      const { status, stdout } = await startProgram('vmnetx', words, environment).ended;
      assert.match(stdout, /^Name: +Xenix\n/);
      assert.equal(status, 0);
    });
  });

  describe('without options or a terminal', () => {
    it('is not possible, and the error names the options', async () => {
      await serve('basic');
      const { status, stdout, stderr } = await info();
      assertTold(stderr, 'server-login-required');
      assert.match(stderr, /--user and --password-file/);
      assert.deepEqual([status, stdout], [77, '']);
      assert.equal(server.requests.length, 1);
      const asObject = await info('--json', '--user', NAME);
      assert.match(asObject.stdout, /"code": "server-login-required"/);
      assert.equal(asObject.stderr, '');
    });
  });

  describe('on a terminal', () => {
    it('asks for name and password, and does not show the password', async () => {
      await serve('basic');
      await using terminal = onTerminal();
      await terminal.see(`${host()} is not encrypted`);
      await terminal.see(`${host()} asks for a name and a password for “Machines of 1990”.`);
      await terminal.see('Name: ');
      terminal.type(`${NAME}\r`);
      await terminal.see('Password: ');
      terminal.type(`${PASSWORD}\r`);
      await terminal.see('Xenix');
      assert.equal(await terminal.ended, 0);
      assert.ok(terminal.shown.includes(NAME));
      for (const word of PASSWORD.split(' ')) assert.ok(!terminal.shown.includes(word), word);
      assert.ok(terminal.isAsBefore);
    });

    it('takes both when they are pasted at once, and does not show the password', async () => {
      await serve('basic');
      for (const [now, later] of [
        [`${NAME}\r${PASSWORD}\r`, ''],
        [`${NAME}\r${PASSWORD.slice(0, 9)}`, `${PASSWORD.slice(9)}\r`],
      ] as const) {
        await using terminal = onTerminal();
        await terminal.see('Name: ');
        terminal.type(now);
        await terminal.see('Password: ');
        terminal.type(later);
        await terminal.see('Xenix');
        assert.equal(await terminal.ended, 0);
        assert.ok(terminal.shown.includes(NAME));
        for (const word of PASSWORD.split(' ')) assert.ok(!terminal.shown.includes(word), word);
        assert.ok(terminal.isAsBefore);
      }
    });

    it('says that they were wrong and asks again, and proposes the name', async () => {
      await serve('digest');
      await using terminal = onTerminal();
      await terminal.see('Name: ');
      terminal.type(`${NAME}\r`);
      await terminal.see('Password: ');
      terminal.type('a guess\r');
      await terminal.see(`${host()} does not accept this name and password.`);
      await terminal.see(`Name [${NAME}]: `);
      terminal.type('\r');
      await terminal.see('Password: ');
      terminal.type(`${PASSWORD}\r`);
      await terminal.see('Xenix');
      assert.equal(await terminal.ended, 0);
    });

    it('gives up after three wrong passwords', async () => {
      await serve('digest');
      await using terminal = onTerminal('--user', NAME);
      for (let tries = 0; tries < 3; tries++) {
        await terminal.see(`Password of ${NAME}: `);
        terminal.type(`guess ${tries}\r`);
      }
      await terminal.see('(server-login-refused)');
      assert.equal(await terminal.ended, 77);
      assert.equal(server.requests.length, 4);
    });

    it('does not insist: who ends the input, or names nobody, does not log in', async () => {
      await serve('basic');
      for (const keys of ['\u0004', '\r']) {
        await using terminal = onTerminal();
        await terminal.see('Name: ');
        terminal.type(keys);
        await terminal.see('(server-login-required)');
        assert.equal(await terminal.ended, 77);
        assert.ok(terminal.isAsBefore);
      }
    });

    it('can be interrupted by Ctrl-C while it asks, and leaves the terminal as it was', async () => {
      await serve('basic');
      for (const options of [[], ['--user', NAME]]) {
        await using terminal = onTerminal(...options);
        await terminal.see(options.length === 0 ? 'Name: ' : `Password of ${NAME}: `);
        terminal.type('half a wo\u0003');
        assert.equal(await terminal.ended, 130);
        assert.ok(terminal.isAsBefore, terminal.shown);
      }
    });

    for (const [signal, status] of [
      ['SIGINT', 130],
      ['SIGTERM', 143],
    ] as const) {
      it(`ends by ${signal} from elsewhere while it asks, and leaves the terminal as it was`, async () => {
        await serve('basic');
        await using terminal = onTerminal();
        await terminal.see('Name: ');
        const [shell = 0] = await childrenOf(terminal.pid, 'sh');
        const [program = 0] = await childrenOf(shell, 'launcher.cjs');
        process.kill(program, signal);
        assert.equal(await terminal.ended, status);
        assert.ok(terminal.isAsBefore, terminal.shown);
      });
    }
  });

  describe('by a file that holds no password', () => {
    const refusal = (path: string) => {
      const words = ['info', 'http://127.0.0.1:9/a.nxpk', '--user', NAME, '--password-file', path];
      return startProgram('vmnetx', words, environment).ended;
    };

    it('is refused before anything is asked', async () => {
      const longest = join(folder, 'longest');
      const tooLong = join(folder, 'too-long');
      const lines = join(folder, 'lines');
      const binary = join(folder, 'binary');
      await writeFile(longest, 'x'.repeat(4096));
      await writeFile(tooLong, 'x'.repeat(4097));
      await writeFile(lines, 'one\ntwo\n');
      await writeFile(binary, Buffer.from([0xff, 0xfe]));
      for (const path of [tooLong, lines, binary]) {
        const { status, stderr } = await refusal(path);
        assertTold(stderr, 'usage-password-file');
        assert.equal(status, 64);
      }
      assertTold((await refusal(longest)).stderr, 'network-refused');
    });

    it('is refused if it is missing, forbidden, or no ordinary file', async () => {
      const secret = join(folder, 'secret');
      await writeFile(secret, 'x');
      await chmod(secret, 0);
      const pipe = join(folder, 'pipe');
      await output('mkfifo', pipe);
      for (const [path, code, status] of [
        [join(folder, 'none'), 'host-file-missing', 66],
        [secret, 'host-permission', 77],
        [folder, 'host-not-a-file', 65],
        [pipe, 'host-not-a-file', 65],
      ] as const) {
        const told = await refusal(path);
        assertTold(told.stderr, code);
        assert.equal(told.status, status);
      }
    });
  });

  it('never shows a password in the list of processes', async () => {
    await serve('digest');
    await using stuck = await startServer(() => undefined);
    const words = ['info', `${stuck.origin}/a.nxpk`, ...given()];
    const program = startProgram('vmnetx', words, environment);
    await eventually('it asks', () => (stuck.requests.length > 0 ? true : undefined));
    for (const file of ['cmdline', 'environ']) {
      assert.ok(!(await readFile(`/proc/${program.pid}/${file}`, 'utf8')).includes(PASSWORD));
    }
    program.kill('SIGINT');
    assert.equal((await program.ended).status, 130);
  });
});
