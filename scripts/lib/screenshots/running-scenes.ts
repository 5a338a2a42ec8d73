import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withinProgram } from '../../../src/core/places/index.js';
import { GuestConsole } from '../../../test/e2e/support/guest-console.js';
import { output } from '../../../test/support/programs.js';
import { writeToneDisk } from '../../../test/support/tone-disk.js';
import { command } from '../../command.js';
import { DARK, GERMAN, LIGHT, RIGHT_TO_LEFT, type Look } from './look.js';
import type { Scene } from './scene.js';
import type { Studio } from './studio.js';
import type { Subject } from './subject.js';

const BOOT_MILLISECONDS = 120_000;
/** From what the guest says until its whole picture is in the window. */
const PAINTING_SECONDS = 2;
const TONE_HERTZ = 800;
const READ = 'dd if=/dev/data of=/dev/null bs=1M';

/** What is seen of a machine that runs, and when it has ended. */
export const RUNNING_SCENES: readonly Scene[] = [
  {
    name: 'running',
    looks: [LIGHT, DARK],
    async play(studio, look, take) {
      const { subject, shell } = await run(studio, look, [studio.demoUrl]);
      await take('software-emulation', subject.picture());
      await subject.press('Dismiss');
      await take('running', subject.picture());

      await subject.press('Machine');
      await take('menu', subject.picture());
      await subject.press('Send Keys');
      await take('menu-keys', subject.picture());
      await subject.closeDialog();

      await subject.pressAll('Machine', 'Take Screenshot');
      await subject.sees(/^Open$/);
      await take('screenshot', subject.picture());
      await subject.press('Dismiss');

      await subject.press('Restart');
      await take('restart-question', subject.picture());
      await subject.pressAll('Cancel', 'Quit');
      await take('quit-question', subject.picture());
      await subject.press('Cancel');

      await subject.pressAll('Machine', 'Keyboard Shortcuts');
      await take('keyboard-shortcuts', subject.picture());
      await subject.closeDialog();
      await subject.pressAll('Machine', 'About VMNetX');
      await take('about', subject.picture());
      await subject.closeDialog();

      await shell.run(`${READ} skip=40 count=90; echo kept >/disk/kept; sync`);
      await subject.pressAll('Machine', 'Activity');
      await shell.run(`${READ} skip=300 count=20`);
      await subject.sees(/^Map of the disk$/);
      await take('activity', subject.pictureOfWindow('Activity'));
      await subject.closeDialog();
      await subject.pressAll('Machine', 'Log');
      await take('log', subject.pictureOfWindow('Log'));
      await subject.closeDialog();

      await studio.server.goDown();
      shell.send(`${READ} skip=200 count=1`);
      await subject.sees(/^Waiting for the network/);
      await take('network-away', subject.picture());
      await studio.server.comeUp();
      await subject.seesNo(/^Waiting for the network/);

      await subject.pressAll('Machine', 'Scaling');
      await take('menu-scaling', subject.picture());
      await subject.pressAll('Zoom In', 'Machine', 'Scaling', 'Zoom In', 'Machine', 'Machine');
      await take('zoom', subject.picture());

      await subject.pressAll('Machine', 'Power Off', 'Power Off and Discard Changes');
      await subject.sees(/^Start Again$/);
      await take('ended', subject.picture());
      await subject.end();
    },
  },
  {
    name: 'full-screen',
    looks: [LIGHT, DARK],
    async play(studio, look, take) {
      const { subject } = await run(studio, look, [studio.demoUrl]);
      await subject.pressAll('Dismiss', 'Machine', 'Full Screen');
      await subject.pointTo(300, 0);
      await subject.sees(/^Leave Full Screen$/);
      await take('full-screen', subject.picture());
      await subject.end();
    },
  },
  {
    name: 'network-question',
    looks: [LIGHT, DARK],
    async play(studio, look, take) {
      const { subject } = await run(studio, look, ['--from-link', studio.demoPath]);
      await take('no-network', subject.picture());
      await subject.press('Allow…');
      await take('network-question', subject.picture());
      await subject.end();
    },
  },
  {
    name: 'mute',
    looks: [LIGHT, DARK],
    async play(studio, look, take) {
      const subject = studio.open(look, [await machineWithSound(studio)]);
      await subject.sees(/^Screen of the machine$/);
      await subject.pressAll('Dismiss', 'Machine', 'Mute', 'Machine', 'Machine');
      await take('menu-muted', subject.picture());
      await subject.end();
    },
  },
  {
    name: 'languages',
    looks: [GERMAN, RIGHT_TO_LEFT],
    async play(studio, look, take) {
      const names = look === GERMAN ? ['Maschine', 'Aktivität'] : ['Machine', 'Activity'];
      const { subject } = await run(studio, look, [studio.demoUrl]);
      await subject.press(names[0] ?? '');
      await take('menu', subject.picture());
      await subject.press(names[1] ?? '');
      await take('activity', subject.pictureOfWindow(names[1] ?? ''));
      await subject.closeDialog();
      await subject.press(look === GERMAN ? 'Beenden' : 'Quit');
      await take('quit-question', subject.picture());
      await subject.end();
    },
  },
];

/** Opens the demo machine; its guest is there, and has shown its whole picture. */
async function run(
  studio: Studio,
  look: Look,
  words: readonly string[],
): Promise<{ readonly subject: Subject; readonly shell: GuestConsole }> {
  const consolePath = join(studio.desktop.folder, 'console');
  const subject = studio.open(look, words, { VMNETX_CONSOLE: consolePath });
  const shell = await GuestConsole.open(consolePath);
  await shell.see(/GUEST-READY/, BOOT_MILLISECONDS);
  await shell.run(`sleep ${PAINTING_SECONDS}`);
  return { subject, shell };
}

async function machineWithSound({ desktop }: Studio): Promise<string> {
  const [disk, domain, path] = ['tone.raw', 'tone.xml', 'tone.nxpk'].map((name) =>
    join(desktop.folder, name),
  );
  if (disk === undefined || domain === undefined || path === undefined) return '';
  await writeToneDisk(disk, TONE_HERTZ);
  const silent = await readFile(withinProgram('guest/firmware/firmware.xml'), 'utf8');
  const xml = silent.replace('@DISK@', disk).replace('<video>', '<sound model="pcspk"/><video>');
  await writeFile(domain, xml);
  await output(command('vmnetx-generate'), '-u', '-n', 'Tone', domain, path);
  return path;
}
