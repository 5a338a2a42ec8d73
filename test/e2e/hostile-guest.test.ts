import assert from 'node:assert/strict';
import { copyFile, open as openFile, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { command } from '../../scripts/command.js';
import { buildGuest } from '../../scripts/guest.js';
import { output } from '../support/programs.js';
import { eventually, until } from '../support/wait.js';
import { WindowOnScreen } from '../support/window-on-screen.js';
import { Desktop } from './support/desktop.js';
import { GuestConsole } from './support/guest-console.js';
import { endPrograms, startProgram } from './support/program.js';

const SCREEN = 'Screen of the machine';
/** Where the guest's disk says what the guest does, see guest/hostile. */
const HABIT_OFFSET = 509;
/** How long the guest does it while somebody looks. */
const WATCH_MILLISECONDS = 1500;
/** On a computer that has other things to do. */
const START_MILLISECONDS = 30_000;
const GONE_MILLISECONDS = 5000;
/** What a window needs more for a guest of any size that QEMU can show. */
const MORE_MEMORY = 128 << 20;
/**
 * The guest's own 16 MiB, its graphics memory, what emulating it takes, and pictures of many sizes that
 * QEMU has ready for the window.
 */
const QEMU_MEMORY = 1024 << 20;
const LOG_BYTES = 64 << 10;
const QEMU_RUN = 'run/libvirt/qemu/run';
const QEMU_LOG = 'cache/libvirt/qemu/log';

const HABITS: Readonly<Record<string, string>> = {
  d: 'fills its disk',
  g: 'changes its graphics mode',
  h: 'halts without interrupts',
  r: 'resets',
  t: 'faults until its processor gives up',
  z: 'changes the size of its screen',
};

/** What it prints when it is at it, if that is more than that it begins. */
const SIGNS: Readonly<Record<string, RegExp>> = {
  d: /HOSTILE\r\n\.{2}/,
  g: /HOSTILE\r\n\.{2}/,
  r: /(HOSTILE[^]*){3}/,
  t: /(HOSTILE[^]*){3}/,
  z: /HOSTILE\r\n\.{16}/,
};

describe('a guest that without end', function () {
  this.timeout(90_000);

  let desktop: Desktop;
  let disk: string;
  let domainXml: string;
  let consolePath: string;

  before(async () => {
    desktop = await Desktop.prepare();
    consolePath = join(desktop.folder, 'console');
    disk = join(desktop.folder, 'disk.raw');
    domainXml = join(desktop.folder, 'hostile.xml');
    const guest = await buildGuest('hostile');
    await copyFile(guest.disk, disk);
    await writeFile(domainXml, (await readFile(guest.domainXml, 'utf8')).replace(guest.disk, disk));
  });

  afterEach(endPrograms);

  after(async () => {
    await desktop[Symbol.asyncDispose]();
  });

  /**
   * Opens a machine that does this, in a window; when this returns it is seen to have begun.
   *
   * @param hasConsole whether somebody listens at its serial port
   */
  async function open(habit: string, hasConsole = true) {
    {
      await using file = await openFile(disk, 'r+');
      await file.write(habit, HABIT_OFFSET);
    }
    const packagePath = join(desktop.folder, `${habit}.nxpk`);
    await output(command('vmnetx-generate'), '-u', '-n', 'Hostile', domainXml, packagePath);
    const environment = { ...desktop.environment };
    if (hasConsole) environment['VMNETX_CONSOLE'] = consolePath;
    const program = startProgram('vmnetx', [packagePath], environment);
    const window = new WindowOnScreen(program.pid);
    if (hasConsole) {
      using line = await GuestConsole.open(consolePath);
      await line.see(SIGNS[habit] ?? /HOSTILE/);
    }
    const name = await eventually(
      'the machine runs',
      async () => (await desktop.virsh('list', '--state-running', '--name')) || undefined,
      START_MILLISECONDS,
    );
    await window.element(SCREEN);
    const qemu = Number(await readFile(join(desktop.folder, QEMU_RUN, `${name}.pid`), 'utf8'));
    return { program, window, name, qemu };
  }

  /** Looks at what it does for a while, closes it, and sees that all is as it should be. */
  async function watchAndClose({ program, window, name, qemu }: Awaited<ReturnType<typeof open>>) {
    const before = await memory(program.pid);
    await sleep(WATCH_MILLISECONDS);
    const { place } = await window.element(SCREEN);
    assert.ok(place.width <= 1280 && place.height <= 1024, `${place.width} × ${place.height}`);
    const more = (await memory(program.pid)) - before;
    assert.ok(more < MORE_MEMORY, `the window has ${more >> 20} MiB more`);
    const used = await memory(qemu);
    assert.ok(used < QEMU_MEMORY, `QEMU has ${used >> 20} MiB`);
    const log = await stat(join(desktop.folder, QEMU_LOG, `${name}.log`));
    assert.ok(log.size < LOG_BYTES, `${log.size} bytes of log`);

    const begin = performance.now();
    program.kill('SIGTERM');
    assert.deepEqual(await program.ended, { status: 0, stdout: '', stderr: '' });
    await until('nothing is left', async () => (await desktop.remains()).length === 0);
    assert.ok(performance.now() - begin < GONE_MILLISECONDS);
  }

  for (const [habit, does] of Object.entries(HABITS)) {
    it(`${does} has a window that stays in bounds and closes in time`, async () => {
      await watchAndClose(await open(habit));
    });
  }

  it('writes to its serial port is heard by nobody, and has nothing else to speak by', async () => {
    const opened = await open('s', false);
    const xml = await desktop.virsh('dumpxml', opened.name);
    assert.match(xml, /<memballoon model='none'\/>/);
    assert.doesNotMatch(xml, /<channel|<clipboard|vdagent/);
    assert.deepEqual(await characterDevices(opened.name), [
      'charmonitor: unix',
      'charserial0: null',
    ]);
    await watchAndClose(opened);
  });

  /** All by which the guest could speak to somebody, besides its network; the monitor among it. */
  async function characterDevices(name: string): Promise<readonly string[]> {
    const command = '{"execute":"query-chardev"}';
    const answer = await desktop.virsh('qemu-monitor-command', name, command);
    return [...answer.matchAll(/"filename":"(\w+)[^}]*"label":"(\w+)"/g)]
      .map(([, kind = '', label = '']) => `${label}: ${kind}`)
      .sort();
  }
});

/** What a process has in memory, in bytes. */
async function memory(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return 1024 * Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]);
}
