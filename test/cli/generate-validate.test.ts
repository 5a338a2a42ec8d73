import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endPrograms, startProgram } from '../e2e/support/program.js';
import { checkout } from '../support/checkout.js';

const RECORDED = join(checkout, 'test/golden/publishing/windows-xp.virt-install.xml');
const STRICT = join(checkout, 'test/golden/publishing/windows-xp.virt-install.strict.xml');

describe('vmnetx-generate validate', function () {
  this.timeout(20_000);
  let folder = '';

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'validate-'));
  });

  afterEach(async () => {
    await endPrograms();
    await rm(folder, { recursive: true });
  });

  async function generate(...words: readonly string[]) {
    const environment = { PATH: process.env['PATH'], HOME: folder };
    const { ended } = startProgram('vmnetx-generate', words, environment, folder);
    const result = await ended;
    assert.deepEqual(await readdir(folder), ['domain.xml'], 'nothing is written');
    return result;
  }

  async function put(xml: string): Promise<void> {
    await writeFile(join(folder, 'domain.xml'), xml);
  }

  for (const word of ['validate', '-c']) {
    it(`tells every change of a machine that is accepted (${word})`, async () => {
      await put(await readFile(RECORDED, 'utf8'));
      const { status, stdout, stderr } = await generate(word, 'domain.xml');
      assert.deepEqual([status, stderr], [0, '']);
      const lines = stdout.trimEnd().split('\n');
      assert.equal(lines.at(-1), `The machine is accepted with ${lines.length - 1} changes.`);
      for (const change of [
        'Left out of /domain: pm.',
        'The console becomes a serial port that leads nowhere: /domain/devices/console.',
        'The name “windows-xp” becomes “machine”.',
        'The disk’s file /var/lib/libvirt/images/windows-xp.qcow2 becomes /disk.img.',
      ]) {
        assert.ok(lines.includes(change), change);
      }
    });
  }

  it('says when there is nothing to change', async () => {
    const strict = await readFile(STRICT, 'utf8');
    await put(strict);
    const expected = { status: 0, stdout: 'The machine is accepted as it is.\n', stderr: '' };
    assert.deepEqual(await generate('validate', 'domain.xml'), expected);
    await put(strict.replace('>machine<', '>a<'));
    const { stdout } = await generate('validate', 'domain.xml');
    assert.match(stdout, /^The name “a” [^\n]*\nThe machine is accepted with one change\.\n$/);
  });

  it('tells what it would change of a machine that is refused, and then why', async () => {
    const recorded = await readFile(RECORDED, 'utf8');
    await put(recorded.replace('</devices>', '<hostdev mode="subsystem" type="usb"/></devices>'));
    const { status, stdout, stderr } = await generate('validate', 'domain.xml');
    assert.equal(status, 65);
    assert.match(stdout, /^The type “qemu” becomes “kvm”/);
    assert.doesNotMatch(stdout, /accepted/);
    assert.equal(
      stderr,
      'vmnetx-generate: The machine is not accepted because of /domain/devices/hostdev: a device ' +
        'of this computer cannot go with the machine. (domain-refused)\n' +
        'See docs/domain-xml.md for what is accepted, or ask its publisher for another.\n',
    );
  });

  it('refuses a second disk, by its place in the publisher’s own document', async () => {
    const second = `<disk type="file" device="disk"><driver type="qcow2"/><source file="/b"/>
      <target dev="hdb" bus="ide"/></disk>`;
    const empty = '<disk type="file" device="cdrom"><target dev="hdc" bus="ide"/></disk>';
    const recorded = await readFile(RECORDED, 'utf8');
    await put(recorded.replace('</devices>', `${empty}${second}</devices>`));
    const { status, stderr } = await generate('-c', 'domain.xml');
    assert.equal(status, 65);
    assert.match(stderr, /because of \/domain\/devices\/disk\[3\]: more than 1/);
  });

  it('shows nothing on the terminal that could move it', async () => {
    const strict = await readFile(STRICT, 'utf8');
    await put(strict.replace('>machine<', '>a\u202e\u009b2J<'));
    const { stdout } = await generate('validate', 'domain.xml');
    assert.match(stdout, /^The name “a\ufffd\ufffd2J” becomes/);
  });

  it('ends with 66 where there is no such file, and with 65 where it is no XML', async () => {
    await put('no xml');
    assert.equal((await generate('validate', 'none.xml')).status, 66);
    const { status, stdout, stderr } = await generate('validate', 'domain.xml');
    assert.deepEqual([status, stdout], [65, '']);
    assert.match(stderr, /\(domain-malformed\)/);
  });
});
