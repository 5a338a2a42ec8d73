import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { command } from '../../scripts/command.js';
import { CHECKS } from '../../src/core/doctor/index.js';
import { findingOf } from '../core/doctor/support/damaged-computer.js';
import { Desktop } from '../e2e/support/desktop.js';
import { endPrograms, startProgram } from '../e2e/support/program.js';

const SECRET = 'hunter2';

describe('vmnetx doctor', function () {
  this.timeout(40_000);
  let desktop: Desktop;
  /** With passwords wherever somebody may have put them. */
  let environment: NodeJS.ProcessEnv;

  before(async () => {
    desktop = await Desktop.prepare();
    const config = join(desktop.folder, 'config/vmnetx');
    await mkdir(config);
    const settings = {
      'cache.limit': 2 ** 30,
      password: SECRET,
      'links.privateHosts': ['10.1.0.1'],
    };
    await writeFile(join(config, 'settings.json'), JSON.stringify(settings));
    const image = join(desktop.folder, 'cache/vmnetx/images/0');
    await mkdir(image, { recursive: true, mode: 0o700 });
    const description = { url: `https://ada:${SECRET}@example.org/a.nxpk?token=${SECRET}` };
    await writeFile(join(image, 'image.json'), JSON.stringify(description));
    environment = {
      ...desktop.environment,
      http_proxy: `http://ada:${SECRET}@proxy.example:3128`,
      HTTPS_PROXY: `http://ada:${SECRET}@proxy.example:3128`,
      TOKEN: SECRET,
      HTTP_COOKIE: `session=${SECRET}`,
    };
  });

  afterEach(endPrograms);

  after(async () => {
    await desktop[Symbol.asyncDispose]();
  });

  it('finds this computer fit, tells no secret and leaves nothing', async () => {
    const { status, stdout, stderr } = await startProgram('vmnetx', ['doctor'], environment).ended;
    assert.deepEqual([status, stderr], [0, ''], stdout);
    assert.ok(!stdout.includes(SECRET), stdout);
    assert.ok(!stdout.includes('\u001b'));
    assert.match(stdout, /^good +Proxy +.*proxy\.example:3128/m);
    assert.match(stdout, /\n\nEverything that machines need is here\.\n$/);
    assert.deepEqual(await desktop.remains(), []);
    assert.deepEqual(
      (await readdir(join(desktop.folder, 'run'))).filter(
        (name) => !/^(libvirt|pulse|vmnetx)$/.test(name),
      ),
      [],
    );
  });

  it('tells the same as one object, each check under its name', async () => {
    const program = startProgram('vmnetx', ['doctor', '--json'], environment);
    const { status, stdout, stderr } = await program.ended;
    assert.deepEqual([status, stderr], [0, ''], stdout);
    assert.ok(!stdout.includes(SECRET), stdout);
    const { usable, findings } = objectIn(stdout);
    assert.equal(usable, true);
    assert.deepEqual(
      findings.map(({ id }) => id),
      CHECKS.map(({ id }) => id),
    );
    assert.deepEqual(await desktop.remains(), []);
  });

  it('lines up what it tells, and says in the end how much is missing', async () => {
    const missing = { ...environment, DISPLAY: '', XDG_STATE_HOME: '/proc/nowhere' };
    const { status, stdout } = await startProgram('vmnetx', ['doctor'], missing).ended;
    assert.equal(status, 69);
    assert.match(stdout, /\n\n2 things are missing\.\n$/);
    const lines = stdout.split('\n').filter((line) => /^[a-z]/.test(line));
    assert.equal(lines.length, CHECKS.length);
    const columns = lines.map((line) => /^\w+ +.*?\S {2,}(?=\S)/.exec(line)?.[0].length);
    assert.equal(new Set(columns).size, 1, stdout);
    assert.match(stdout, /^bad {6}Desktop +There is none/m);
  });

  it('runs as root, whom it tells that machines are refused', async () => {
    const words = ['--user', '--map-root-user', command('vmnetx'), 'doctor', '--json'];
    const child = spawn('unshare', words, {
      env: environment,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    await once(child, 'close');
    assert.equal(child.exitCode, 69);
    const { usable, findings } = objectIn(stdout);
    assert.equal(usable, false);
    const states = new Map(findings.map(({ id, state }) => [id, state]));
    assert.deepEqual(
      ['account', 'libvirt', 'display'].map((id) => states.get(id)),
      ['bad', 'unknown', 'unknown'],
    );
  });

  it('ends at once when it is interrupted, and leaves nothing', async () => {
    const runtime = join(desktop.folder, 'silent');
    await mkdir(join(runtime, 'libvirt'), { recursive: true, mode: 0o700 });
    const silent = createServer().listen(join(runtime, 'libvirt/libvirt-sock'));
    const asked = once(silent, 'connection');
    try {
      const program = startProgram('vmnetx', ['doctor'], {
        ...environment,
        XDG_RUNTIME_DIR: runtime,
      });
      await asked;
      program.kill('SIGINT');
      const { status, stdout, stderr } = await program.ended;
      assert.deepEqual([status, stdout, stderr], [130, '', '']);
      assert.deepEqual(
        (await readdir(runtime)).filter((name) => !/^(pulse|vmnetx)$/.test(name)),
        ['libvirt'],
      );
      assert.deepEqual(await desktop.remains(), []);
    } finally {
      silent.close();
    }
  });
});

function objectIn(stdout: string) {
  const value: unknown = JSON.parse(stdout);
  assert.ok(typeof value === 'object' && value !== null);
  assert.ok('usable' in value && 'checks' in value && Array.isArray(value.checks));
  return { usable: value.usable, findings: value.checks.map(findingOf) };
}
