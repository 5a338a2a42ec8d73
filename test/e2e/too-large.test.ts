import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import { join } from 'node:path';
import { command } from '../../scripts/command.js';
import { buildGuest } from '../../scripts/guest.js';
import { output } from '../support/programs.js';
import { eventually } from '../support/wait.js';
import { WindowOnScreen } from '../support/window-on-screen.js';
import { Desktop } from './support/desktop.js';
import { GuestConsole } from './support/guest-console.js';
import { assertTold, endPrograms, startProgram } from './support/program.js';

const TOO_LARGE = 'The machine wants 1 TiB RAM + 64 CPUs, but this computer can give it only ';

describe('a machine that wants more than the computer has', function () {
  this.timeout(90_000);

  let desktop: Desktop;
  let packagePath: string;
  let consolePath: string;

  before(async () => {
    desktop = await Desktop.prepare();
    consolePath = join(desktop.folder, 'console');
    desktop.environment['VMNETX_CONSOLE'] = consolePath;
    const guest = await buildGuest('firmware');
    const xml = await readFile(guest.domainXml, 'utf8');
    const large = xml
      .replace(/<memory[^]*<\/memory>/, '<memory unit="GiB">1024</memory><vcpu>64</vcpu>')
      .replace(/<vcpu[^<]*>1<\/vcpu>/, '');
    const domainXml = join(desktop.folder, 'large.xml');
    await writeFile(domainXml, large);
    packagePath = join(desktop.folder, 'large.nxpk');
    await output(command('vmnetx-generate'), '-u', '-n', 'Large', domainXml, packagePath);
  });

  afterEach(endPrograms);

  after(async () => {
    await desktop[Symbol.asyncDispose]();
  });

  it('is told of by info', async () => {
    const { status, stdout } = await startProgram(
      'vmnetx',
      ['info', packagePath],
      desktop.environment,
    ).ended;
    assert.equal(status, 0);
    assert.ok(stdout.includes(`\nToo large:   ${TOO_LARGE}`), stdout);
  });

  it('does not start unless somebody says that it may have less', async () => {
    const program = startProgram('vmnetx', [packagePath], desktop.environment);
    const window = new WindowOnScreen(program.pid);
    await window.element('Start with Less');
    assert.ok((await window.elements()).some(({ name }) => name.startsWith(TOO_LARGE)));
    await eventually('nothing but the window is there', async () =>
      (await desktop.remains()).every((one) => one.includes('launcher.cjs')) ? true : undefined,
    );
    await window.press('Quit');
    const { status, stderr } = await program.ended;
    assertTold(stderr, 'host-too-small');
    assert.equal(status, 69);
    assert.deepEqual(await desktop.remains(), []);
  });

  it('runs with what the computer has once somebody says so, also when it is restarted', async () => {
    const program = startProgram('vmnetx', [packagePath], desktop.environment);
    const window = new WindowOnScreen(program.pid);
    await window.press('Start with Less');
    await guestRuns();
    const first = await reducedMachine();
    await window.element('Screen of the machine');
    await window.press('Restart');
    await eventually('another machine runs', async () =>
      (await desktop.virsh('list', '--name').then((name) => name !== '' && name !== first))
        ? true
        : undefined,
    );
    await guestRuns();
    await reducedMachine();
    await window.press('Quit');
    assert.equal((await program.ended).status, 0);
  });

  async function guestRuns(): Promise<void> {
    using line = await GuestConsole.open(consolePath);
    await line.see(/FIRMWARE-READY/, 30_000);
  }

  /** Checks what the one machine that runs has, and returns its name. */
  async function reducedMachine(): Promise<string> {
    const name = await desktop.virsh('list', '--name');
    const xml = await desktop.virsh('dumpxml', name);
    const [, vcpus] = /<vcpu[^>]*>(\d+)</.exec(xml) ?? [];
    const [, kibibytes] = /<memory unit='KiB'>(\d+)</.exec(xml) ?? [];
    assert.equal(Number(vcpus), availableParallelism());
    assert.ok(Number(kibibytes) * 1024 < totalmem() && Number(kibibytes) * 2048 > totalmem());
    return name;
  }
});
