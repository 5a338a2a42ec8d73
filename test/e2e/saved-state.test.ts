import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildGuest } from '../../scripts/guest.js';
import { suspendedPackage } from '../hostile/support/memory-image.js';
import { WindowOnScreen } from '../support/window-on-screen.js';
import { Desktop } from './support/desktop.js';
import { GuestConsole } from './support/guest-console.js';
import { endPrograms, startProgram } from './support/program.js';

describe('a machine that was saved while it ran', function () {
  this.timeout(90_000);
  let desktop: Desktop;
  let disk: Buffer;

  before(async () => {
    desktop = await Desktop.prepare();
    disk = await readFile((await buildGuest('firmware')).disk);
  });

  afterEach(endPrograms);

  after(() => desktop[Symbol.asyncDispose]());

  async function pack(memory: Buffer): Promise<string> {
    const path = join(desktop.folder, 'saved.nxpk');
    await writeFile(path, suspendedPackage(memory, { disk }));
    return path;
  }

  it('boots from its disk when told so, and nothing of its memory is looked at', async () => {
    const consolePath = join(desktop.folder, 'console');
    const environment = { ...desktop.environment, VMNETX_CONSOLE: consolePath };
    const words = ['--no-saved-state', await pack(Buffer.alloc(1000, 'noise'))];
    const program = startProgram('vmnetx', words, environment);
    {
      using line = await GuestConsole.open(consolePath);
      await line.see(/FIRMWARE-READY/, 60_000);
    }
    const window = new WindowOnScreen(program.pid);
    await window.element('Screen of the machine');
    await window.press('Quit');
    assert.equal((await program.ended).status, 0);
    assert.deepEqual(await desktop.remains(), []);
  });
});
