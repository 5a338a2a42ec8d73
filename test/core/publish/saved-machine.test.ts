import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, truncate, utimes, writeFile } from 'node:fs/promises'; // prettier-ignore
import { join } from 'node:path';
import { command } from '../../../scripts/command.js';
import { openSource } from '../../../src/core/fetch/index.js';
import { parseDomain } from '../../../src/core/machine/index.js';
import { parseMemoryHeader, readSavedMemory } from '../../../src/core/memory/index.js';
import { openPackage } from '../../../src/core/package/index.js';
import {
  publishPackage,
  type Publication,
  type PublishProgress,
} from '../../../src/core/publish/index.js';
import { output } from '../../support/programs.js';
import { until } from '../../support/wait.js';
import { PublishersLibvirt } from './publishers-libvirt.js';

const { signal } = new AbortController();

/** A package, its memory decompressed by the program that people would take for it. */
async function unpack(path: string) {
  const source = await openSource({ kind: 'file', path, label: path }, { signal });
  try {
    const { domainXml, memory, disk } = await openPackage(source, signal);
    if (memory === null) return { domainXml: String(domainXml), disk, memory };
    const place = { offset: memory.offset, length: memory.storedBytes };
    const saved = await readSavedMemory(source, place, parseDomain(domainXml), signal);
    const stored = await source.read(saved.state.offset, saved.state.length, signal);
    const state = saved.compression === 'none' ? stored : tool('xz', ['-dc'], stored);
    const head = await source.read(memory.offset, saved.state.offset - memory.offset, signal);
    return { domainXml: String(domainXml), disk, memory: { ...saved, head, stored, state } };
  } finally {
    await source.close();
  }
}

function tool(program: string, options: readonly string[], input: Buffer): Buffer {
  return execFileSync(program, options, { input, maxBuffer: 2 ** 28 });
}

describe('publishing a machine that was saved', function () {
  this.timeout(60_000);
  let libvirt: PublishersLibvirt;
  /** What libvirt keeps of the machine: its domain XML, and what `virsh managedsave` wrote. */
  let xml = '';
  let save = Buffer.alloc(0);
  let state = Buffer.alloc(0);
  /** The machine of one test. */
  let folder = '';
  let domainPath = '';
  let savePath = '';
  let outPath = '';

  before(async () => {
    libvirt = await PublishersLibvirt.start();
    await libvirt.run('publishers-own');
    await libvirt.virsh('managedsave', 'publishers-own');
    xml = await readFile(join(libvirt.configuration, 'publishers-own.xml'), 'utf8');
    save = await readFile(join(libvirt.configuration, 'save/publishers-own.save'));
    state = save.subarray(parseMemoryHeader(save, save.length).stateOffset);
  });

  after(async () => {
    await libvirt.stop();
  });

  beforeEach(async () => {
    folder = await mkdtemp(join(libvirt.folder, 'machine-'));
    domainPath = join(folder, 'publishers-own.xml');
    savePath = join(folder, 'save/publishers-own.save');
    outPath = join(folder, 'out/a.nxpk');
    await writeFile(domainPath, xml);
    await mkdir(join(folder, 'save'));
    await mkdir(join(folder, 'out'));
    await writeFile(savePath, save);
  });

  async function publish(parts: Partial<Publication> = {}): Promise<readonly string[]> {
    return publishPackage({
      machine: { kind: 'file', path: domainPath },
      savedMemory: true,
      name: 'A',
      compress: true,
      outPath,
      environment: libvirt.environment,
      signal,
      announce: () => undefined,
      ...parts,
    });
  }

  /** The save with its description changed in place. */
  function redescribed(from: string, to: string): Buffer {
    const { xml: description } = parseMemoryHeader(save, save.length);
    const text = String(description);
    assert.ok(text.includes(from), from);
    const changed = Buffer.from(text.replace(from, to));
    const header = Buffer.from(save.subarray(0, 92));
    header.writeUInt32LE(changed.length + 1, 20);
    header.writeUInt32LE(0, 32);
    return Buffer.concat([header, changed, Buffer.alloc(1), state]);
  }

  it('packs the memory beside its domain XML, byte for byte, and nothing of its computer', async () => {
    const announced: string[] = [];
    const progress: PublishProgress[] = [];
    const changes = await publish({
      announce: (sentence) => announced.push(sentence),
      onProgress: (step) => progress.push(step),
    });
    assert.deepEqual(announced, [`The machine’s memory is packed, too: ${savePath}.`]);
    assert.ok(changes.some((change) => change.startsWith('The memory was saved in software')));
    const steps = ['packing-memory', 'copying-disk', 'writing-package'];
    assert.deepEqual([...new Set(progress.map(({ step }) => step))], steps);
    const { memory } = await unpack(outPath);
    assert.ok(memory !== null);
    assert.deepEqual([memory.compression, memory.accelerator], ['xz', 'tcg']);
    assert.ok(memory.state.equals(state));
    assert.equal(memory.machine.type, 'pc-i440fx-7.2');
    for (const own of [libvirt.folder, 'publishers-own', 'emulator', '<cookie']) {
      assert.ok(save.includes(own) && !memory.head.includes(own), own);
    }
    const members = String(tool('python3', ['-m', 'zipfile', '-l', outPath], Buffer.alloc(0)));
    assert.match(members, /vmnetx-package\.xml[^]*domain\.xml[^]*memory\.img[^]*disk\.img/);
    assert.deepEqual(await readdir(join(folder, 'out')), ['a.nxpk']);
    const told = await output(command('vmnetx'), 'info', outPath);
    assert.match(told, /^Saved: {7}32 MiB of memory, stored as xz in [\d.]+ [KM]iB$/m);
  });

  it('stores disk and memory as they are where that is asked for, and tells when all of it is', async () => {
    const done = new Map<string, number>();
    await publish({
      compress: false,
      onProgress: ({ step, fraction }) => done.set(step, fraction),
    });
    assert.deepEqual([...done.values()], [1, 1, 1]);
    const { memory } = await unpack(outPath);
    assert.equal(memory?.compression, 'none');
    assert.ok(memory.stored.equals(state));
  });

  it('leaves the memory out where that is asked for, and where there is none', async () => {
    await publish({ savedMemory: false });
    assert.equal((await unpack(outPath)).memory, null);
    await rm(savePath);
    await publish();
    assert.equal((await unpack(outPath)).memory, null);
  });

  const formats = [['gzip', 1], ['bzip2', 2], ['xz', 3], ['lzop', 4], ['zstd', 5]] as const; // prettier-ignore
  for (const [program, number] of formats) {
    it(`takes what was saved with another compression: ${program}`, async () => {
      const head = Buffer.from(save.subarray(0, save.length - state.length));
      head.writeUInt32LE(number, 28);
      await writeFile(savePath, Buffer.concat([head, tool(program, ['-c'], state)]));
      await publish();
      const { memory } = await unpack(outPath);
      assert.ok(memory?.state.equals(state));
    });
  }

  const other = 'The saved memory is that of another machine: its number of processors differs.';
  const refusals: readonly (readonly [what: string, reason: RegExp, make: () => Buffer])[] = [
    ['an empty save', /it is empty/, () => Buffer.alloc(0)],
    ['noise', /nothing that libvirt saved/, () => Buffer.alloc(5000, 7)],
    ['a save that was never finished', /not saved completely/, () => Buffer.concat([Buffer.from('LibvirtQemudPart'), save.subarray(16)])],
    ['half a save', /its end is missing/, () => save.subarray(0, save.length - 50_000)],
    ['half a compressed save', /xz cannot read it/, () => compressed().subarray(0, -100)],
    ['the save of another machine', new RegExp(other), () => redescribed("<vcpu placement='static'>1<", "<vcpu placement='static'>2<")],
    ['the state of another kind of machine', /its kind differs/, () => redescribed('pc-i440fx-7.2', 'pc-i440fx-7.1')],
    ['the CPU of its computer', /because of \/domain\/cpu: the CPU is that of the computer/, () => redescribed("<cpu mode='custom'", "<cpu mode='host-passthrough'")],
    ['a device that no machine has', /because of \/domain\/devices\/watchdog: no machine can have this here/, () => redescribed('<memballoon', "<watchdog model='i6300esb'/><memballoon")],
  ]; // prettier-ignore
  for (const [what, reason, make] of refusals) {
    it(`refuses ${what}, says why and what to do, and writes nothing`, async () => {
      await writeFile(savePath, make());
      await assert.rejects(publish(), (error) => {
        assert.ok(error instanceof Error && 'code' in error && 'hint' in error);
        assert.equal(error.code, 'memory-not-packed');
        assert.match(error.message, reason);
        assert.ok(error.message.endsWith(` So ${savePath} cannot be packed.`), error.message);
        assert.match(String(error.hint), /--no-memory/);
        return true;
      });
      assert.deepEqual(await readdir(join(folder, 'out')), []);
    });
  }

  function compressed(): Buffer {
    const head = Buffer.from(save.subarray(0, save.length - state.length));
    head.writeUInt32LE(3, 28);
    return Buffer.concat([head, tool('xz', ['-0c'], state)]);
  }

  it('refuses a save that may not be read, and one that is no file', async () => {
    await chmod(savePath, 0);
    await assert.rejects(publish(), { code: 'host-permission' });
    await rm(savePath);
    await mkdir(savePath);
    await assert.rejects(publish(), { code: 'host-not-a-file' });
    assert.deepEqual(await readdir(join(folder, 'out')), []);
  });

  it('warns where the disk was changed after the memory was saved', async () => {
    const disk = join(libvirt.folder, 'publishers-own.raw');
    await utimes(disk, 1000, 1000);
    for (const [savedAt, expected] of [
      [989, [`The disk ${disk} was changed after the memory was saved`]],
      [991, []],
    ] as const) {
      await utimes(savePath, savedAt, savedAt);
      const announced: string[] = [];
      await publish({ compress: false, announce: (sentence) => announced.push(sentence) });
      assert.deepEqual(
        announced.slice(1).map((sentence) => sentence.replace(/\. .*/, '')),
        expected,
      );
    }
  });

  it('gives up when disk or memory change meanwhile', async () => {
    const disk = join(libvirt.folder, 'publishers-own.raw');
    for (const [path, change] of [
      [disk, () => utimes(disk, 1, 1)],
      [savePath, () => truncate(savePath, save.length + 1)],
      [savePath, () => rm(savePath)],
    ] as const) {
      await writeFile(savePath, save);
      let changing: Promise<void> | null = null;
      const publishing = publish({
        onProgress: ({ step }) => {
          if (step === 'copying-disk') changing ??= change();
        },
      });
      await assert.rejects(publishing, {
        code: 'image-changed',
        message: `${path} changed while it was packed.`,
      });
      assert.deepEqual(await readdir(join(folder, 'out')), []);
    }
  });

  it('leaves nothing when it is interrupted while it packs the memory', async () => {
    const abort = new AbortController();
    const publishing = publish({
      signal: abort.signal,
      onProgress: () => {
        abort.abort();
      },
    });
    await assert.rejects(publishing, { name: 'AbortError' });
    assert.deepEqual(await readdir(join(folder, 'out')), []);
  });

  it('ends at once at an interrupt that its programs get, too, and leaves nothing', async () => {
    await truncate(savePath, 600 * 2 ** 20);
    const child = spawn(command('vmnetx-generate'), [domainPath, outPath], {
      env: libvirt.environment,
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const ended = once(child, 'close');
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    await until('the memory is being packed', async () => {
      const names = await readdir(join(folder, 'out'), { recursive: true });
      return names.some((name) => name.endsWith('/memory'));
    });
    process.kill(-(child.pid ?? NaN), 'SIGINT');
    await ended;
    assert.equal(child.exitCode, 130);
    assert.equal(said, `The machine’s memory is packed, too: ${savePath}.\n`);
    assert.deepEqual(await readdir(join(folder, 'out')), []);
  });

  it('says when there is no space left, and what to install for compressing', async () => {
    const small = join(folder, 'small');
    await mkdir(small);
    const line = `mount -t tmpfs -o size=300k none '${small}'; echo ready; exec sleep 60`;
    const options = ['--user', '--mount', '--map-current-user', '--keep-caps', 'sh', '-euc', line];
    const holder = spawn('unshare', options, { stdio: ['ignore', 'pipe', 'ignore'] });
    try {
      await Promise.race([once(holder.stdout, 'data'), once(holder, 'exit')]);
      const within = `/proc/${holder.pid ?? 0}/root${small}`;
      const full = publish({ compress: false, outPath: join(within, 'a.nxpk') });
      await assert.rejects(full, { code: 'host-no-space' });
      assert.deepEqual(await readdir(within), []);
    } finally {
      holder.kill('SIGKILL');
    }
    const searched = process.env['PATH'];
    process.env['PATH'] = folder;
    try {
      await assert.rejects(publish(), { code: 'host-program-missing', hint: /xz-utils/ });
    } finally {
      process.env['PATH'] = searched;
    }
    assert.deepEqual(await readdir(join(folder, 'out')), []);
  });

  it('packs the CPU with which it was saved where its own is that of its computer', async () => {
    await writeFile(
      domainPath,
      xml.replace(/<cpu [^]*<\/cpu>/, '<cpu mode="host-model" check="partial"/>'),
    );
    const changes = await publish();
    assert.ok(
      changes.includes('With its memory it keeps the CPU with which it was saved: “qemu64”.'),
    );
    assert.match((await unpack(outPath)).domainXml, /<model [^>]*>qemu64</);
  });

  it('writes what libvirt reads and QEMU goes on from, as the strict form has it', async () => {
    await publish();
    const { memory } = await unpack(outPath);
    assert.ok(memory !== null);
    const image = join(folder, 'memory.img');
    await writeFile(image, Buffer.concat([memory.head, memory.stored]));
    const description = await libvirt.virsh('save-image-dumpxml', image);
    assert.match(description, /<name>machine<\/name>/);
    const disk = join(folder, 'disk.img');
    await output('qemu-img', 'convert', '-O', 'qcow2', join(libvirt.folder, 'publishers-own.raw'), disk); // prettier-ignore
    await writeFile(join(folder, 'executed.xml'), description.replace('/disk.img', disk));
    // The same machine, by its UUID.
    await libvirt.virsh('undefine', '--managed-save', 'publishers-own');
    await libvirt.virsh('restore', image, '--xml', join(folder, 'executed.xml'));
    assert.equal(await libvirt.virsh('domstate', '--reason', 'machine'), 'running (restored)');
  });
});
