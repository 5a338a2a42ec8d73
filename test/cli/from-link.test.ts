import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parsePackageUrl, formatReference } from '../../src/core/reference/index.js';
import { assertTold, endPrograms, startProgram } from '../e2e/support/program.js';
import { pythonZip } from '../support/foreign-zip.js';
import { sendRange, startServer, type ScriptedServer } from '../support/scripted-server.js';

describe('vmnetx --from-link', function () {
  this.timeout(30_000);
  /** What tells that it was fetched: it has no manifest. */
  const archive = pythonZip([{ name: 'a', data: 'b' }]);
  let folder = '';
  let server: ScriptedServer;
  let hidden: ScriptedServer;

  before(async () => {
    hidden = await startServer((request, response) => {
      sendRange(request, response, archive);
    });
    server = await startServer((request, response) => {
      if (request.url === '/elsewhere') {
        response.writeHead(302, { location: `${hidden.origin}/a` }).end();
      } else sendRange(request, response, archive);
    }, '127.0.0.2');
  });

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'from-link-'));
  });

  afterEach(async () => {
    await endPrograms();
    await rm(folder, { recursive: true });
  });

  after(async () => {
    await Promise.all([server.stop(), hidden.stop()]);
  });

  /** Opens where there is no display, so that what is wrong with the location is told here. */
  function open(...words: readonly string[]): Promise<readonly [number | null, string]> {
    return vmnetx('open', ...words);
  }

  async function vmnetx(...words: readonly string[]): Promise<readonly [number | null, string]> {
    const environment = { PATH: process.env['PATH'], HOME: folder, XDG_RUNTIME_DIR: folder };
    const { status, stderr } = await startProgram('vmnetx', words, environment).ended;
    return [status, stderr];
  }

  function allow(...hosts: readonly unknown[]): Promise<void> {
    return writeSettings(JSON.stringify({ 'links.privateHosts': hosts }));
  }

  async function writeSettings(text: string): Promise<void> {
    const directory = join(folder, '.config', 'vmnetx');
    await mkdir(directory, { recursive: true });
    await writeFile(join(directory, 'settings.json'), text);
  }

  it('asks nothing of this computer’s own servers, by a link or by a file that names one', async () => {
    const reference = join(folder, 'a.netx');
    await writeFile(reference, formatReference(parsePackageUrl(`${server.origin}/a`)));
    for (const location of [`${server.origin}/a`, `vmnetx+${server.origin}/a`, reference]) {
      const [status, stderr] = await open('--from-link', location);
      assert.equal(status, 77, stderr);
      assertTold(stderr, 'network-private-address');
      const [before, told] = [server.requests.length, await open(location)];
      assertTold(told[1], 'package-no-manifest');
      assert.ok(server.requests.length > before);
    }
  });

  it('holds for info and mount as well', async () => {
    const target = join(folder, 'target');
    await mkdir(target);
    for (const words of [
      ['info', `${server.origin}/a`],
      ['mount', `${server.origin}/a`, target],
    ]) {
      const before = server.requests.length;
      assertTold((await vmnetx(...words, '--from-link'))[1], 'network-private-address');
      assert.equal(server.requests.length, before);
      assertTold((await vmnetx(...words))[1], 'package-no-manifest');
    }
  });

  it('says what to write into the settings, after which it asks', async () => {
    const link = `${server.origin}/a`;
    const [, setting = ''] = /have (\{.*\}) in ~\/\.config\//.exec((await open('--from-link', link))[1]) ?? []; // prettier-ignore
    await writeSettings(setting);
    assertTold((await open('--from-link', link))[1], 'package-no-manifest');
  });

  it('asks those that the settings name, but none to which they lead', async () => {
    await allow('127.0.0.2/32');
    const [status, stderr] = await open('--from-link', `${server.origin}/a`);
    assert.equal(status, 65, stderr);
    assertTold(stderr, 'package-no-manifest');
    assertTold((await open('--from-link', `${server.origin}/elsewhere`))[1], 'network-private-address'); // prettier-ignore
    assert.equal(hidden.requests.length, 0);
    await allow('127.0.0.2', '127.0.0.1');
    assertTold((await open('--from-link', `${server.origin}/elsewhere`))[1], 'package-no-manifest');
  });

  it('asks nobody while the settings are wrong', async () => {
    await allow('127.0.0.2/33');
    const before = server.requests.length;
    assertTold((await open('--from-link', `${server.origin}/a`))[1], 'settings-malformed');
    assert.equal(server.requests.length, before);
  });
});
