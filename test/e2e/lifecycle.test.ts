import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { command } from '../../scripts/command.js';
import { buildDemoPackage } from '../../scripts/demo-package.js';
import { buildGuest } from '../../scripts/guest.js';
import { checkout } from '../support/checkout.js';
import { output } from '../support/programs.js';
import { seeded } from '../support/random.js';
import { requestedRange, sendRange, startServer } from '../support/scripted-server.js';
import { eventually, until } from '../support/wait.js';
import { WindowOnScreen } from '../support/window-on-screen.js';
import { Desktop } from './support/desktop.js';
import { GuestConsole } from './support/guest-console.js';
import { assertTold, endPrograms, startProgram, type StartedProgram } from './support/program.js';

/** After a crash of its owner vmnetfs may stay for 20 s, if QEMU does. */
const ORPHAN_MILLISECONDS = 25_000;
const GONE_MILLISECONDS = 5000;
/** Prints what would be pasted. */
const CLIPBOARD = join(checkout, 'dist/test/ui/fixtures/clipboard.js');
const SEED = 20_261_121;

describe('the life of a machine', function () {
  this.timeout(90_000);

  let desktop: Desktop;
  let packagePath: string;
  let consolePath: string;

  before(async () => {
    desktop = await Desktop.prepare();
    consolePath = join(desktop.folder, 'console');
    desktop.environment['VMNETX_CONSOLE'] = consolePath;
    packagePath = join(desktop.folder, 'firmware.nxpk');
    const { domainXml } = await buildGuest('firmware');
    await output(command('vmnetx-generate'), '-u', '-n', 'Firmware', domainXml, packagePath);
  });

  afterEach(endPrograms);

  after(async () => {
    await desktop[Symbol.asyncDispose]();
  });

  /** Opens a machine and waits until its guest runs. */
  async function open(location = packagePath, environment = desktop.environment): Promise<Opened> {
    const program = startProgram('vmnetx', [location], environment);
    const window = new WindowOnScreen(program.pid);
    await guestRuns();
    await window.element('Screen of the machine');
    return { program, window };
  }

  async function guestRuns(): Promise<void> {
    using line = await GuestConsole.open(consolePath);
    await line.see(/FIRMWARE-READY/, 30_000);
  }

  async function nothingIsLeft(milliseconds = GONE_MILLISECONDS): Promise<void> {
    let remains: readonly string[] = [];
    const gone = async () => ((remains = await desktop.remains()).length === 0 ? true : undefined);
    await eventually('nothing is left', gone, milliseconds).catch(() => undefined);
    assert.deepEqual(remains, []);
  }

  async function domainName(): Promise<string> {
    return desktop.virsh('list', '--name');
  }

  it('ends when the guest powers itself off, and can begin again', async () => {
    const { program, window } = await open();
    await desktop.virsh('shutdown', await domainName());
    await window.element('The machine has shut down.');
    await eventually('nothing but the window is left', async () =>
      (await desktop.remains()).every((one) => one.includes('launcher.cjs')) ? true : undefined,
    );
    await window.press('Start Again');
    await guestRuns();
    await window.press('Quit');
    assert.deepEqual(await program.ended, { status: 0, stdout: '', stderr: '' });
    await nothingIsLeft();
  });

  it('is looked at, shuts down by its menu, and is reset and switched off when that is confirmed', async () => {
    const environment = { ...desktop.environment, VMNETX_CONFIRM: '1' };
    const { program, window } = await open(packagePath, environment);
    await chooseInMenu(window, 'Activity');
    assert.match(
      (await window.element('Map of the disk')).description,
      /^The image has \d+ chunks\. /,
    );
    using line = await GuestConsole.open(consolePath);
    await chooseInMenu(window, 'Reset');
    await window.press('Reset and Lose Unsaved Work');
    await line.see(/FIRMWARE-READY/, 30_000);
    await window.press('Quit');
    await window.element('Quit and Discard Changes');
    await window.press('Cancel');
    await chooseInMenu(window, 'Power Off');
    await window.press('Power Off and Discard Changes');
    await window.element('The machine is switched off.');
    await window.press('Start Again');
    await guestRuns();
    await window.element('Screen of the machine');
    await chooseInMenu(window, 'Shut Down');
    await window.element('The machine has shut down.');
    await window.press('Quit');
    assert.deepEqual(await program.ended, { status: 0, stdout: '', stderr: '' });
    await nothingIsLeft();
  });

  it('ends when its guest switches it off, and when another program stops it', async () => {
    const { program, window } = await open();
    await desktop.virsh('send-key', await domainName(), 'KEY_Q');
    await window.element('The machine has shut down.');
    await window.press('Start Again');
    await guestRuns();
    await desktop.virsh('destroy', await domainName());
    await window.element('The machine was stopped by another program.');
    program.kill('SIGTERM');
    assert.equal((await program.ended).status, 0);
    await nothingIsLeft();
  });

  it('is not tried for ever when it stops unexpectedly again and again', async () => {
    const { program, window } = await open();
    for (let crash = 1; crash < 3; crash++) {
      process.kill(await pidOf('qemu-system'), 'SIGKILL');
      await window.press('Try Again');
      await guestRuns();
      await window.element('Screen of the machine');
    }
    process.kill(await pidOf('qemu-system'), 'SIGKILL');
    await window.element('The machine has stopped unexpectedly 3 times within a few minutes.');
    const names = (await window.elements()).map(({ name }) => name);
    assert.ok(!names.includes('Try Again') && names.includes('Copy Details'), names.join('\n'));
    program.kill('SIGTERM');
    assert.equal((await program.ended).status, 69);
    await nothingIsLeft();
  });

  it('goes on when libvirt’s daemon is killed', async () => {
    const { program, window } = await open();
    const name = await domainName();
    process.kill(await desktop.daemonPid(), 'SIGKILL');
    await eventually('a new daemon has the machine', async () =>
      (await domainName()) === name ? true : undefined,
    );
    using line = await GuestConsole.open(consolePath);
    await desktop.virsh('send-key', name, 'KEY_A');
    await line.see(/KEY 1e/, 5000);
    await chooseInMenu(window, 'Shut Down');
    await window.element('The machine has shut down.');
    program.kill('SIGTERM');
    assert.deepEqual(await program.ended, { status: 0, stdout: '', stderr: '' });
    await nothingIsLeft();
  });

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    it(`ends at ${signal} without a question, and leaves nothing`, async () => {
      const { program } = await open();
      program.kill(signal);
      await nothingIsLeft();
      assert.deepEqual(await program.ended, { status: 0, stdout: '', stderr: '' });
    });
  }

  it('says that the machine stopped unexpectedly when QEMU is killed, and starts it again', async () => {
    const { program, window } = await open();
    process.kill(await pidOf('qemu-system'), 'SIGKILL');
    await window.element('The machine stopped unexpectedly.');
    await window.press('Log');
    await window.element('Entries of the log');
    await until('the window shows what QEMU said', async () => {
      await window.press('Copy');
      const copied = await output(process.execPath, CLIPBOARD);
      return /qemu info .*shutting down, reason=(crashed|failed)/.test(copied);
    });
    await window.press('Try Again');
    await guestRuns();
    await window.element('Screen of the machine');
    await window.press('Quit');
    const { status, stderr } = await program.ended;
    assertTold(stderr, 'host-machine-stopped');
    assert.equal(status, 0);
    await nothingIsLeft();
  });

  it('says so when vmnetfs is killed, and leaves neither machine nor mount', async () => {
    const { program, window } = await open();
    process.kill(await pidOf('vmnetfs/process.js'), 'SIGKILL');
    await window.element(
      'The machine was stopped, because the part of VMNetX that brings its data ended.',
    );
    await window.press('Quit');
    const { status, stderr } = await program.ended;
    assertTold(stderr, 'host-pages-lost');
    assert.equal(status, 69);
    await nothingIsLeft();
  });

  it('leaves nothing when the window is killed', async () => {
    const { program } = await open();
    program.kill('SIGKILL');
    await nothingIsLeft(ORPHAN_MILLISECONDS);
  });

  it('ends within the same time when QEMU does not react any more', async () => {
    const { program } = await open();
    process.kill(await pidOf('qemu-system'), 'SIGSTOP');
    program.kill('SIGTERM');
    await nothingIsLeft();
    assert.deepEqual(await program.ended, { status: 0, stdout: '', stderr: '' });
  });

  it('ends with a reason when there is no space for what the guest writes', async () => {
    // What the guest writes is kept on a small file system, which a namespace of its own has mounted.
    const folder = join(desktop.folder, 'small');
    await mkdir(folder);
    const line = `mount -t tmpfs -o size=6m none '${folder}'; echo ready; exec sleep 120`;
    const options = ['--user', '--mount', '--map-current-user', '--keep-caps', 'sh', '-euc', line];
    const holder = spawn('unshare', options, { stdio: ['ignore', 'pipe', 'ignore'] });
    try {
      await Promise.race([once(holder.stdout, 'data'), once(holder, 'exit')]);
      assert.equal(holder.exitCode, null, 'a namespace with a small file system can be made');
      const program = startProgram('vmnetx', [await buildDemoPackage(() => undefined)], {
        ...desktop.environment,
        XDG_STATE_HOME: `/proc/${holder.pid ?? 0}/root${folder}`,
      });
      const window = new WindowOnScreen(program.pid);
      using shell = await GuestConsole.open(consolePath);
      await shell.see(/GUEST-READY/, 60_000);
      shell.send('dd if=/dev/urandom of=/disk/big bs=64k count=200; sync');
      await window.element('There is no space left for what the machine writes.');
      await window.press('Quit');
      const { status, stderr } = await program.ended;
      assertTold(stderr, 'host-no-space');
      assert.equal(status, 74);
    } finally {
      holder.kill('SIGKILL');
    }
    await nothingIsLeft();
  });

  it('goes on for one machine when another one is closed', async () => {
    const first = await open();
    const other = join(desktop.folder, 'other-console');
    const environment = { ...desktop.environment, VMNETX_CONSOLE: other };
    const second = startProgram('vmnetx', [packagePath], environment);
    using line = await GuestConsole.open(other);
    await line.see(/FIRMWARE-READY/, 30_000);
    assert.equal((await domainName()).split('\n').filter(Boolean).length, 2);
    await first.window.press('Quit');
    assert.equal((await first.program.ended).status, 0);
    assert.equal((await domainName()).split('\n').filter(Boolean).length, 1);
    await desktop.virsh('send-key', await domainName(), 'KEY_A');
    await line.see(/KEY 1e/, 5000);
    second.kill('SIGTERM');
    await nothingIsLeft();
  });

  it('can be ended at any moment of its start, and leaves nothing', async () => {
    const random = seeded(SEED);
    for (let run = 0; run < 2; run++) {
      const program = startProgram('vmnetx', [packagePath], desktop.environment);
      // Before its window is there nothing was begun, and the signal just ends the process.
      await new WindowOnScreen(program.pid).id();
      const moment = random() * 2000;
      await sleep(moment);
      program.kill('SIGTERM');
      const { status, stderr } = await program.ended;
      assert.deepEqual({ status, stderr }, { status: 0, stderr: '' }, `after ${moment} ms`);
      await nothingIsLeft();
    }
  });

  it('can be ended while a server does not answer, and leaves nothing', async () => {
    const file = await readFile(packagePath);
    // The package can be read, but the machine's disk never comes.
    await using server = await startServer((request, response) => {
      const { first } = requestedRange(request);
      if (first === 0 || first > file.length - 70_000) sendRange(request, response, file);
    });
    const program = startProgram('vmnetx', [`${server.origin}/a.nxpk`], desktop.environment);
    await eventually('the machine is being started', async () =>
      (await desktop.remains()).some((one) => one.includes('qemu-system')) ? true : undefined,
    );
    await sleep(1500);
    program.kill('SIGTERM');
    const { status, stderr } = await program.ended;
    assert.deepEqual({ status, stderr }, { status: 0, stderr: '' });
    await nothingIsLeft();
  });

  it('says what is wrong when bytes cannot be had, and stops the machine', async () => {
    const file = await readFile(packagePath);
    await using server = await startServer((request, response) => {
      const { first } = requestedRange(request);
      if (first === 0 || first > file.length - 70_000) sendRange(request, response, file);
      else response.writeHead(404).end();
    });
    const program = startProgram('vmnetx', [`${server.origin}/a.nxpk`], desktop.environment);
    const window = new WindowOnScreen(program.pid);
    await window.press('Details');
    await window.press('Quit');
    const { status, stderr } = await program.ended;
    assertTold(stderr, 'server-not-found');
    assert.equal(status, 66);
    await nothingIsLeft();
  });

  it('keeps mount and sockets where nobody else can look', async () => {
    const { program } = await open();
    const [id = ''] = (await readdir(join(desktop.folder, 'run/vmnetx'))).filter(
      (name) => !name.startsWith('kvm-'),
    );
    const folder = join(desktop.folder, 'run/vmnetx', id);
    for (const path of [join(desktop.folder, 'run/vmnetx'), folder, join(folder, 'mount')]) {
      assert.equal((await stat(path)).mode & 0o777, 0o700, path);
    }
    assert.match(id, /^[0-9a-f]{8}$/);
    assert.equal(await domainName(), `vmnetx-${id}`);
    const xml = await desktop.virsh('dumpxml', `vmnetx-${id}`);
    assert.doesNotMatch(xml, /type='(tcp|network|address)'|port='\d+' autoport/);
    program.kill('SIGTERM');
    await nothingIsLeft();
  });

  async function chooseInMenu(window: WindowOnScreen, item: string): Promise<void> {
    await window.press('Machine');
    await window.press(item);
  }

  /** The process of this desktop's whose command line has the word. */
  async function pidOf(word: string): Promise<number> {
    const found = (await desktop.remains()).find((one) => one.includes(word));
    return Number(/^process (\d+)/.exec(found ?? '')?.[1]);
  }
});

interface Opened {
  readonly program: StartedProgram;
  readonly window: WindowOnScreen;
}
