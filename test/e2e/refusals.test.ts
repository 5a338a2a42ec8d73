import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildDemoPackage } from '../../scripts/demo-package.js';
import type { ErrorCode } from '../../src/core/errors/index.js';
import { pythonZip } from '../support/foreign-zip.js';
import { startNginx, type Nginx } from '../support/nginx.js';
import { eventually } from '../support/wait.js';
import { startServer, type ScriptedServer } from '../support/scripted-server.js';
import { WindowOnScreen } from '../support/window-on-screen.js';
import { Desktop } from './support/desktop.js';
import { assertTold, endPrograms, startProgram } from './support/program.js';

const NAMESPACE = 'http://olivearchive.org/xmlns/vmnetx/reference';

interface Refusal {
  readonly what: string;
  readonly location: () => string;
  readonly code: ErrorCode;
  readonly status: number;
}

describe('what cannot be opened', function () {
  this.timeout(60_000);

  let desktop: Desktop;
  let nginx: Nginx;
  let rangeless: ScriptedServer;
  let folder: string;

  before(async () => {
    desktop = await Desktop.prepare();
    folder = join(desktop.folder, 'site');
    await mkdir(folder);
    nginx = await startNginx(folder);
    rangeless = await startServer((_, answer) => answer.end(Buffer.alloc(1 << 20, 'PK')));
    await writeFile(join(folder, 'text.netx'), 'just a text');
    await writeFile(join(folder, 'root.netx'), '<html><url>http://a/</url></html>');
    await writeFile(
      join(folder, 'two.netx'),
      `<reference xmlns="${NAMESPACE}"><url>http://a/</url><url>http://b/</url></reference>`,
    );
    await writeFile(join(folder, 'noise.nxpk'), Buffer.alloc(300_000, 'noise'));
    const bare = pythonZip([{ name: 'readme', data: 'nothing else' }]);
    await writeFile(join(folder, 'bare.nxpk'), bare);
    for (const [name, url] of Object.entries({
      file: 'file:///etc/passwd',
      nowhere: 'http://no-such-host.invalid/a.nxpk',
      refused: 'http://127.0.0.1:1/a.nxpk',
      gone: `${nginx.origin}/gone.nxpk`,
      rangeless: `${rangeless.origin}/a.nxpk`,
      noise: `${nginx.origin}/noise.nxpk`,
      bare: `${nginx.origin}/bare.nxpk`,
    })) {
      await writeFile(
        join(folder, `${name}.netx`),
        `<reference xmlns="${NAMESPACE}"><url>${url}</url></reference>`,
      );
    }
  });

  afterEach(endPrograms);

  after(async () => {
    await rangeless.stop();
    await nginx.stop();
    await desktop[Symbol.asyncDispose]();
  });

  const site = (name: string) => () => join(folder, name);
  const refusals: readonly Refusal[] = [
    {
      what: 'a missing file',
      location: site('missing.netx'),
      code: 'reference-missing',
      status: 66,
    },
    {
      what: 'a file that is not XML',
      location: site('text.netx'),
      code: 'reference-not-xml',
      status: 65,
    },
    { what: 'another root', location: site('root.netx'), code: 'reference-malformed', status: 65 },
    { what: 'two URLs', location: site('two.netx'), code: 'reference-malformed', status: 65 },
    {
      what: 'file: inside a reference',
      location: site('file.netx'),
      code: 'reference-url-refused',
      status: 65,
    },
    {
      what: 'an unknown host',
      location: site('nowhere.netx'),
      code: 'network-host-not-found',
      status: 69,
    },
    {
      what: 'a refused connection',
      location: site('refused.netx'),
      code: 'network-refused',
      status: 69,
    },
    { what: 'a 404', location: site('gone.netx'), code: 'server-not-found', status: 66 },
    {
      what: 'a server without ranges',
      location: site('rangeless.netx'),
      code: 'server-no-ranges',
      status: 65,
    },
    {
      what: 'a package that is no ZIP',
      location: site('noise.netx'),
      code: 'package-not-zip',
      status: 65,
    },
    {
      what: 'a package without manifest',
      location: site('bare.netx'),
      code: 'package-no-manifest',
      status: 65,
    },
    {
      what: 'a link of another scheme',
      location: () => 'smb://host/a.nxpk',
      code: 'reference-url-refused',
      status: 65,
    },
    {
      what: 'a machine on a server',
      location: () => 'vmnetx://host/token',
      code: 'reference-remote-machine',
      status: 69,
    },
  ];

  for (const { what, location, code, status } of refusals) {
    it(`is refused by info with its sentence and status: ${what}`, async () => {
      const program = startProgram('vmnetx', ['info', '--', location()], desktop.environment);
      const ended = await program.ended;
      assert.equal(ended.status, status, ended.stderr);
      assert.equal(ended.stdout, '');
      assertTold(ended.stderr, code);
    });

    it(`is refused in the window with its sentence and status: ${what}`, async () => {
      await seeRefused(['open', '--', location()], code, status);
    });
  }

  it('is refused in the window when a link leads to this computer, which is not asked', async () => {
    const asked = (await nginx.requests()).length;
    const link = `vmnetx+${nginx.origin}/bare.nxpk`;
    for (const location of [link, join(folder, 'bare.netx')]) {
      await seeRefused(['open', '--from-link', '--', location], 'network-private-address', 77);
    }
    assert.equal((await nginx.requests()).length, asked);
  });

  it('is taken back for this one time by whoever opens it anyway', async () => {
    const words = ['open', '--from-link', '--', join(folder, 'bare.netx')];
    for (let time = 1; time <= 2; time++) {
      const asked = (await nginx.requests()).length;
      const program = startProgram('vmnetx', words, desktop.environment);
      const window = new WindowOnScreen(program.pid);
      await window.press(`Open from ${new URL(nginx.origin).hostname}`);
      await window.element(
        `${nginx.origin}/bare.nxpk is a ZIP archive, but no machine package: it has no vmnetx-package.xml.`,
      );
      assert.ok((await nginx.requests()).length > asked);
      await window.press('Quit');
      assert.equal((await program.ended).status, 65);
    }
  });

  async function seeRefused(words: readonly string[], code: string, status: number): Promise<void> {
    const program = startProgram('vmnetx', words, desktop.environment);
    const window = new WindowOnScreen(program.pid);
    await window.press('Details');
    const names = (await window.elements()).map(({ name }) => name);
    assert.ok(
      names.some((name) => name.split('\n')[0] === code),
      names.join('\n'),
    );
    await window.press('Quit');
    const ended = await program.ended;
    assert.equal(ended.status, status);
    assertTold(ended.stderr, code);
    assert.deepEqual(await desktop.remains(), []);
  }

  it('says nothing when info is interrupted, and ends as shells expect', async () => {
    await using silent = await startServer(() => undefined);
    for (const [signal, status] of [
      ['SIGINT', 130],
      ['SIGTERM', 143],
    ] as const) {
      const words = ['info', `${silent.origin}/a.nxpk`];
      const program = startProgram('vmnetx', words, desktop.environment);
      const asked = silent.requests.length;
      await eventually('the server is asked', () =>
        silent.requests.length > asked ? true : undefined,
      );
      program.kill(signal);
      assert.deepEqual(await program.ended, { status, stdout: '', stderr: '' });
    }
  });

  it('says so, with its status, where a folder of the user’s cannot be written', async () => {
    const home = join(desktop.folder, 'locked');
    await mkdir(home, { mode: 0o500 });
    const target = join(desktop.folder, 'target');
    await mkdir(target);
    const environment = { ...desktop.environment, XDG_STATE_HOME: home };
    const words = ['mount', await buildDemoPackage(() => undefined), target];
    const { status, stderr } = await startProgram('vmnetx', words, environment).ended;
    // There is no log there, either, which is told, and keeps nobody from anything.
    const [warning = '', ...refusal] = stderr.split('\n');
    assert.match(warning, /\(host-log-unusable\)$/);
    assertTold(refusal.join('\n'), 'host-permission');
    assert.equal(status, 77);
  });

  it('is one object on standard output with --json', async () => {
    const words = ['info', '--json', join(folder, 'missing.netx')];
    const { status, stdout, stderr } = await startProgram('vmnetx', words, desktop.environment)
      .ended;
    assert.equal(status, 66);
    assert.equal(stderr, '');
    const answer: unknown = JSON.parse(stdout);
    const detail = `ENOENT: no such file or directory, open '${join(folder, 'missing.netx')}'`;
    assert.deepEqual(answer, {
      error: {
        code: 'reference-missing',
        message: `There is no file ${join(folder, 'missing.netx')}.`,
        hint: 'Check the name, or download the file again.',
        detail,
        retryable: false,
      },
    });
  });
});
