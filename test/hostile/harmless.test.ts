import assert from 'node:assert/strict';
import { mkdir, readdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { Desktop } from '../e2e/support/desktop.js';
import { endPrograms, startProgram } from '../e2e/support/program.js';
import { Archive } from '../core/package/archive.js';
import { bytesFile, faults, startFaultServer } from '../support/fault-server/index.js';
import { readMounted } from './support/mounting.js';
import { qcow2 } from './support/qcow2-image.js';
import { Scene } from './support/scene.js';
import { packageOf, SOUND } from './support/sound-package.js';

describe('what is strange, but can do no harm,', function () {
  this.timeout(60_000);
  let desktop: Desktop;
  let scene: Scene;

  before(async () => {
    desktop = await Desktop.prepare();
    scene = await Scene.prepare(join(desktop.folder, 'scene'));
  });

  after(async () => {
    await endPrograms();
    await scene[Symbol.asyncDispose]();
    await desktop[Symbol.asyncDispose]();
  });

  /** What `info` prints of a package. */
  async function told(location: string): Promise<string> {
    const words = ['info', '--', location];
    const { status, stdout, stderr } = await startProgram('vmnetx', words, desktop.environment)
      .ended;
    assert.deepEqual([status, stderr], [0, '']);
    return stdout;
  }

  function named(name: string): Promise<string> {
    const manifest = String(SOUND.manifest).replace('name="A machine"', `name="${name}"`);
    return scene.write('named.nxpk', packageOf({ manifest }));
  }

  it('is shown as plain text: a name with markup, line breaks and bidirectional controls', async () => {
    const name = '&lt;b&gt;Bank&lt;/b&gt;&#10;Location: here\u202egnp\u2066&#x9b;2J\u200f';
    const [first = ''] = (await told(await named(name))).split('\n');
    assert.match(first, /^Name: +<b>Bank<\/b>.*Location: here/);
    assert.doesNotMatch(first, /[\p{Cc}\u202a-\u202e\u2066-\u2069\u200e\u200f]/u);
  });

  it('is shown in part: a name of 10,000 characters', async () => {
    const [first = ''] = (await told(await named('n'.repeat(10_000)))).split('\n');
    assert.ok(first.length < 300, `${first.length} characters`);
  });

  it('is raw: a raw disk that begins as an image with a backing file', async () => {
    const disk = qcow2({ backingFile: '/etc/passwd' });
    const shown = await told(await scene.write('raw.nxpk', packageOf({ disk })));
    assert.match(shown, /^Disk: +256 KiB, stored as raw in 256 KiB$/m);
  });

  it('is ignored: a thousand cookies, and those for other computers', async () => {
    const many = Array.from({ length: 1000 }, (_, n) => `c${n}=${n % 2}; Domain=example.org`);
    const location = await scene.serve(packageOf(), faults.cookies(...many));
    assert.match(await told(location), /^Name: +A machine$/m);
  });

  it('keeps its secrets to itself: a server that sends a log-in and its cookies to another', async () => {
    await using other = await startFaultServer({ files: { '/a.nxpk': bytesFile(packageOf()) } });
    await using first = await startFaultServer({ files: {} });
    first.faults.add({ fault: faults.redirect(`${other.origin}/a.nxpk`) });
    first.faults.add({ fault: faults.cookies('session=secret; Path=/') });
    first.faults.add({ fault: faults.basicLogin({ user: 'user', password: 'secret' }) });
    // Cookies go by the host's name, whatever the port.
    const { port } = first;
    assert.match(await told(`http://user:secret@localhost:${port}/a.nxpk`), /^Name: +A machine$/m);
    assert.ok(first.requests.some(({ headers }) => headers.authorization !== undefined));
    assert.ok(other.requests.length > 0);
    for (const { headers } of other.requests) {
      assert.deepEqual([headers.authorization, headers.cookie], [undefined, undefined]);
    }
  });

  it('is passed over: a member whose name has 65,535 bytes, and its extra field as many', async () => {
    const archive = new Archive(packageOf({}, { name: 'n'.repeat(65_535), data: 'more' }));
    const { bytes, endOffset, directoryOffset } = archive;
    const field = Buffer.alloc(65_535);
    field.writeUInt16LE(0xfeed, 0);
    field.writeUInt16LE(field.length - 4, 2);
    bytes.writeUInt16LE(field.length, archive.member('n'.repeat(65_535)).central + 30);
    bytes.writeUInt32LE(endOffset + field.length - directoryOffset, endOffset + 12);
    const parts = [bytes.subarray(0, endOffset), field, bytes.subarray(endOffset)];
    const shown = await told(await scene.write('long.nxpk', Buffer.concat(parts)));
    assert.match(shown, /^Name: +A machine$/m);
  });

  it('is left alone: a link in place of the store, and what it leads to', async () => {
    const cache = join(scene.folder, 'cache');
    const victim = join(scene.folder, 'victim');
    const directory = join(scene.folder, 'mount');
    for (const folder of [cache, victim, directory]) await mkdir(folder);
    await symlink(victim, join(cache, 'vmnetx'));
    const environment = { ...desktop.environment, XDG_CACHE_HOME: cache };
    const location = await scene.serve(packageOf(), (answer) => answer);
    const { stderr } = await readMounted(['--', location], directory, environment);
    assert.ok(stderr.includes('(store-unsafe)\n'), stderr);
    assert.deepEqual(await readdir(victim), []);
  });

  it('leaves no machine, process, mount or file', async () => {
    assert.deepEqual(await desktop.remains(), []);
  });
});
