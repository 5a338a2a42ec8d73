import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { command } from '../../scripts/command.js';
import { buildGuest } from '../../scripts/guest.js';
import { output } from '../support/programs.js';
import { ScreenReader } from '../support/screen-reading.js';
import { Desktop } from './support/desktop.js';
import { GuestConsole } from './support/guest-console.js';
import { MachineOnScreen } from './support/machine-on-screen.js';
import { endPrograms, startProgram } from './support/program.js';

const BOOT_MILLISECONDS = 120_000;
const MOST_MOTIONS = 10;
const METADATA = `<metadata>
    <vmnetx xmlns="http://olivearchive.org/xmlns/vmnetx/domain-metadata">
      <limit_mouse_rate hz="${MOST_MOTIONS}"/>
    </vmnetx>
  </metadata>`;
/** While the pointer moves, twenty milliseconds a step. */
const STEPS = 70;
/** How long the guest listens. */
const SECONDS = 3;
/** A motion of both axes: each of the two, and that it is complete. */
const MOTION_BYTES = 3 * 24;

describe('the pointer of a machine', function () {
  this.timeout(180_000);
  const reader = new ScreenReader();
  let desktop: Desktop;
  let window: MachineOnScreen;
  let shell: GuestConsole;

  before(async () => {
    desktop = await Desktop.prepare();
    const guest = await buildGuest('demo', { dataMebibytes: 8 });
    const domainXml = join(desktop.folder, 'domain.xml');
    const text = await readFile(guest.domainXml, 'utf8');
    await writeFile(domainXml, text.replace('</description>', `$&${METADATA}`));
    const packagePath = join(desktop.folder, 'slow-mouse.nxpk');
    await output(command('vmnetx-generate'), '-u', '-n', 'Slow mouse', domainXml, packagePath);
    const console = join(desktop.folder, 'console');
    const environment = { ...desktop.environment, VMNETX_CONSOLE: console };
    window = new MachineOnScreen(startProgram('vmnetx', [packagePath], environment).pid, reader);
    shell = await GuestConsole.open(console);
    await shell.see(/GUEST-READY/, BOOT_MILLISECONDS);
  });

  after(async () => {
    shell[Symbol.dispose]();
    await endPrograms();
    await reader[Symbol.asyncDispose]();
    await desktop[Symbol.asyncDispose]();
  });

  async function choose(name: string): Promise<void> {
    for (const word of ['Machine', 'Scaling', name]) await window.press(word);
  }

  /** How many motions the guest's kernel hears while the pointer is moved. */
  async function motionsHeard(move: () => Promise<void>): Promise<number> {
    const listening = shell.run(
      `cd /sys/class/input; e=$(dirname $(dirname $(grep -l Tablet event*/device/name)));
       timeout ${SECONDS} cat /dev/input/$e >/motions; wc -c </motions`.replaceAll('\n', ' '),
    );
    await sleep(500);
    await move();
    const [, bytes] = /(\d+)$/.exec(await listening) ?? [];
    return Number(bytes) / MOTION_BYTES;
  }

  it('is where it is seen, at another scale, too', async () => {
    await choose('Zoom Out');
    await window.click(600, 472);
    await shell.see(/^CLICK 600 472 left/m);
    await choose('Fit to Window');
    await window.press('Machine');
  });

  it('moves as often as its publisher says that the guest can take', async () => {
    const at = await window.placement();
    const heard = await motionsHeard(async () => {
      const words = Array.from({ length: STEPS }, (_, step) => {
        const [x, y] = [at.x + 100 + 3 * step, at.y + 100 + 2 * step].map(Math.floor);
        return ['mousemove', `${x}`, `${y}`, 'sleep', '0.02'];
      });
      await output('xdotool', ...words.flat());
    });
    const most = MOST_MOTIONS * SECONDS;
    assert.ok(heard > most / 4 && heard <= most, `${heard} motions of at most ${most}`);
  });

  it('could move more often', async () => {
    const domain = await desktop.virsh('list', '--name');
    const heard = await motionsHeard(async () => {
      const commands = Array.from({ length: STEPS }, (_, step) => {
        const events = ['x', 'y'].map((axis) => ({
          type: 'abs',
          data: { axis, value: 300 * (step % 100) },
        }));
        const move = { execute: 'input-send-event', arguments: { events } };
        return `qemu-monitor-command ${domain} '${JSON.stringify(move)}'`;
      });
      await desktop.virsh(commands.join('; '));
    });
    assert.ok(heard > MOST_MOTIONS * SECONDS, `${heard} motions`);
  });
});
