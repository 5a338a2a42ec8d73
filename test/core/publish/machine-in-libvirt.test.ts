import assert from 'node:assert/strict';
import { chmod, mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openSource } from '../../../src/core/fetch/index.js';
import { openPackage } from '../../../src/core/package/index.js';
import { endPrograms, startProgram } from '../../e2e/support/program.js';
import { PublishersLibvirt } from './publishers-libvirt.js';

const { signal } = new AbortController();

describe('publishing a machine of libvirt by its name', function () {
  this.timeout(60_000);
  let libvirt: PublishersLibvirt;
  let folder = '';

  before(async () => {
    libvirt = await PublishersLibvirt.start('lzop');
  });

  after(async () => {
    await libvirt.stop();
  });

  beforeEach(async () => {
    folder = await mkdtemp(join(libvirt.folder, 'out-'));
  });

  afterEach(endPrograms);

  function generate(...words: readonly string[]) {
    return startProgram('vmnetx-generate', words, libvirt.environment, folder).ended;
  }

  /** Whether a package holds memory, and its domain XML. */
  async function read(name: string): Promise<{ hasMemory: boolean; domainXml: string }> {
    const path = join(folder, name);
    const source = await openSource({ kind: 'file', path, label: path }, { signal });
    try {
      const { memory, domainXml } = await openPackage(source, signal);
      return { hasMemory: memory !== null, domainXml: String(domainXml) };
    } finally {
      await source.close();
    }
  }

  async function stateOf(name: string): Promise<string> {
    return libvirt.virsh('domstate', '--reason', name);
  }

  it('saves one that runs, tells so, and leaves it where it can go on', async () => {
    await libvirt.run('running', '<cpu mode="host-model"/>');
    const early = await generate('validate', 'running');
    assert.match(early.stdout, /The machine is accepted with \d+ changes\.\n$/, early.stderr);
    assert.equal(await stateOf('running'), 'running (booted)');

    const { status, stderr } = await generate('package', 'running', 'a.nxpk');
    assert.equal(status, 0, stderr);
    const [saved, packed] = stderr.split('\n');
    assert.equal(
      saved,
      'The machine “running” is running: it is saved now, and goes on from there when it is ' +
        'started again.',
    );
    const save = join(libvirt.configuration, 'save/running.save');
    assert.equal(packed, `The machine’s memory is packed, too: ${save}.`);
    assert.doesNotMatch(stderr, /was changed after/);
    const { hasMemory, domainXml } = await read('a.nxpk');
    assert.ok(hasMemory);
    const [, model = ''] = /it keeps the CPU [^“]*“([^”]+)”/.exec(stderr) ?? [];
    assert.ok(domainXml.includes(`>${model}</model>`), domainXml);
    assert.equal(await stateOf('running'), 'shut off (saved)');

    // By the same name, what is saved already is packed once more; as it is, by --connect.
    const again = await generate('-u', '--connect', 'qemu:///session', 'running', 'b.nxpk');
    assert.equal(again.status, 0, again.stderr);
    assert.ok((await read('b.nxpk')).hasMemory);
    const { stdout } = await generate('validate', 'running');
    assert.ok(stdout.endsWith(` So is its memory, ${save}.\n`), stdout);
    await generate('--no-memory', 'running', 'c.nxpk');
    assert.equal((await read('c.nxpk')).hasMemory, false);

    await libvirt.virsh('start', 'running');
    assert.equal(await stateOf('running'), 'running (restored)');
    await libvirt.virsh('destroy', 'running');
    const shutDown = await generate('running', 'd.nxpk');
    assert.equal(shutDown.status, 0, shutDown.stderr);
    assert.equal((await read('d.nxpk')).hasMemory, false);
  });

  it('leaves one alone that cannot be packed, or is not to be saved', async () => {
    await libvirt.run('unfit', '', '<watchdog model="i6300esb"/>');
    for (const [words, code, message] of [
      [['unfit', 'a.nxpk'], 'memory-not-packed', /So the memory of “unfit” cannot be packed/],
      [['--no-memory', 'unfit', 'a.nxpk'], 'host-machine-running', /“unfit” is running/],
      [['unfit', 'none/a.nxpk'], 'host-file-missing', /There is no/],
    ] as const) {
      const { status, stderr } = await generate(...words);
      assert.notEqual(status, 0);
      assert.ok(stderr.includes(`(${code})\n`), stderr);
      assert.match(stderr, message);
      assert.equal(await stateOf('unfit'), 'running (booted)');
    }
    assert.deepEqual(await readdir(folder), []);
  });

  it('leaves one alone whose memory is not that of the machine that would be packed', async () => {
    await libvirt.run('changed');
    const xml = await libvirt.virsh('dumpxml', '--inactive', 'changed');
    const definition = join(folder, 'changed.xml');
    for (const [from, to, what] of [
      [/(<vcpu [^>]*>)1</, '$12<', 'number of processors'],
      ['changed.raw', 'other.raw', 'disk'],
    ] as const) {
      await writeFile(definition, xml.replace(from, to));
      await libvirt.virsh('define', definition);
      const { stderr } = await generate('changed', 'a.nxpk');
      const reason = `its ${what} differs. So the memory of “changed” cannot be packed.`;
      assert.ok(stderr.includes(`${reason} (memory-not-packed)\n`), stderr);
      assert.equal(await stateOf('changed'), 'running (booted)');
    }
    assert.deepEqual(await readdir(folder), ['changed.xml']);
  });

  it('leaves one alone whose disk or saved memory could not be read', async () => {
    await libvirt.run('kept');
    const disk = join(libvirt.folder, 'kept.raw');
    for (const path of [disk, join(libvirt.configuration, 'save')]) {
      await chmod(path, 0);
      const { status, stderr } = await generate('kept', 'a.nxpk');
      await chmod(path, 0o700);
      assert.equal(status, 77);
      assert.ok(stderr.includes(`You may not open ${path}. (host-permission)`), stderr);
      assert.equal(await stateOf('kept'), 'running (booted)');
    }
    const environment = { ...libvirt.environment, XDG_CONFIG_HOME: folder };
    const words = ['--connect', libvirt.uri, 'kept', 'a.nxpk'];
    const elsewhere = await startProgram('vmnetx-generate', words, environment, folder).ended;
    assert.match(elsewhere.stderr, /libvirt does not keep it in .*\(host-machine-not-saved\)/);
    assert.equal(await stateOf('kept'), 'running (booted)');
    assert.deepEqual(await readdir(folder), []);
  });

  it('says that there is none of that name, or that libvirt does not save it', async () => {
    const none = await generate('nobody', 'a.nxpk');
    assert.equal(none.status, 66);
    assert.match(none.stderr, /libvirt has no machine “nobody”\. \(host-no-machine\)/);
    await libvirt.run('fleeting');
    await libvirt.virsh('undefine', 'fleeting');
    const fleeting = await generate('fleeting', 'a.nxpk');
    assert.equal(fleeting.status, 69);
    assert.match(fleeting.stderr, /transient.*\(host-machine-not-saved\)/);
    assert.equal(await stateOf('fleeting'), 'running (booted)');
    assert.deepEqual(await readdir(folder), []);
  });
});
