import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { command } from '../../scripts/command.js';
import { withinProgram } from '../../src/core/places/index.js';
import { output } from '../support/programs.js';
import { SoundServer } from '../support/sound-server.js';
import { writeToneDisk } from '../support/tone-disk.js';
import { shareAt } from '../support/tone.js';
import { until } from '../support/wait.js';
import { WindowOnScreen } from '../support/window-on-screen.js';
import { Desktop } from './support/desktop.js';
import { endPrograms, startProgram } from './support/program.js';

const HERTZ = 800;
/** A square wave has 0.81. */
const CLEAR = 0.75;
const START_MILLISECONDS = 30_000;

describe('a machine that makes a sound', function () {
  this.timeout(90_000);
  let desktop: Desktop;
  let server: SoundServer;
  let machine: string;

  before(async () => {
    [desktop, server] = await Promise.all([Desktop.prepare(), SoundServer.start()]);
    const disk = join(desktop.folder, 'disk.raw');
    const domain = join(desktop.folder, 'tone.xml');
    machine = join(desktop.folder, 'tone.nxpk');
    await writeToneDisk(disk, HERTZ);
    const silent = await readFile(withinProgram('guest/firmware/firmware.xml'), 'utf8');
    const xml = silent.replace('@DISK@', disk).replace('<video>', '<sound model="pcspk"/><video>');
    await writeFile(domain, xml);
    await output(command('vmnetx-generate'), '-u', '-n', 'Tone', domain, machine);
  });

  after(async () => {
    await endPrograms();
    await desktop[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  it('is heard, and muted by the menu until that is taken back, also when it is started again', async () => {
    const environment = { ...desktop.environment, ...server.environment };
    const program = startProgram('vmnetx', ['open', machine], environment);
    const window = new WindowOnScreen(program.pid);
    const isHeard = async (): Promise<boolean> => shareAt(HERTZ, await server.record(200)) > CLEAR;
    const isSilent = async (): Promise<boolean> =>
      (await server.record(200)).every((sample) => sample === 0);
    const pressMute = async (): Promise<void> => {
      await window.press('Machine');
      await window.press('Mute');
      await window.press('Machine');
      await until('the menu is closed', async () =>
        (await window.elements()).every(({ name }) => name !== 'Mute'),
      );
    };

    assert.ok(await isSilent());
    await until('the tone is heard', isHeard, START_MILLISECONDS);
    await window.element('Screen of the machine');
    await pressMute();
    await until('it is muted', isSilent);

    await window.press('Restart');
    await window.element('Starting the machine…');
    await window.element('Screen of the machine');
    assert.ok(await isSilent());
    await pressMute();
    await until('it is heard again', isHeard, START_MILLISECONDS);

    program.kill('SIGTERM');
    assert.deepEqual(await program.ended, { status: 0, stdout: '', stderr: '' });
    assert.deepEqual(await desktop.remains(), []);
    await until('it is over', isSilent);
  });
});
