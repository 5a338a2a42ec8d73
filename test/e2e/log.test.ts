import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { command } from '../../scripts/command.js';
import { buildGuest } from '../../scripts/guest.js';
import { output } from '../support/programs.js';
import { serveProtected } from '../support/protected-server.js';
import type { ScriptedServer } from '../support/scripted-server.js';
import { eventually } from '../support/wait.js';
import { WindowOnScreen } from '../support/window-on-screen.js';
import { Desktop } from './support/desktop.js';
import { GuestConsole } from './support/guest-console.js';
import { endPrograms, startProgram } from './support/program.js';

const SECRET = /geheim|schulmeisterin/;

describe('the log of a machine in its window', function () {
  this.timeout(90_000);

  let desktop: Desktop;
  let server: ScriptedServer;
  let consolePath: string;

  before(async () => {
    desktop = await Desktop.prepare();
    consolePath = join(desktop.folder, 'console');
    desktop.environment['VMNETX_CONSOLE'] = consolePath;
    const packagePath = join(desktop.folder, 'firmware.nxpk');
    const { domainXml } = await buildGuest('firmware');
    await output(command('vmnetx-generate'), '-u', '-n', 'Firmware', domainXml, packagePath);
    server = await serveProtected(await readFile(packagePath), 'basic', 'schulmeisterin', 'geheim');
  });

  afterEach(endPrograms);

  after(async () => {
    await server.stop();
    await desktop[Symbol.asyncDispose]();
  });

  it('tells of window, vmnetfs, libvirt and QEMU, through a crash to the end, and of no secret', async () => {
    const named = server.origin.replace('//', '//schulmeisterin:geheim@');
    const words = [`${named}/a.nxpk?token=geheim-too#geheim`, '--verbose'];
    const program = startProgram('vmnetx', words, desktop.environment);
    const window = new WindowOnScreen(program.pid);
    using line = await GuestConsole.open(consolePath);
    await line.see(/FIRMWARE-READY/, 30_000);
    await window.element('Screen of the machine');
    process.kill(await qemuPid(), 'SIGKILL');
    await window.element('The machine stopped unexpectedly.');
    await window.press('Quit');
    const { stdout, stderr } = await program.ended;
    const log = startProgram('vmnetx', ['log'], desktop.environment);
    const text = (await log.ended).stdout;

    assertInOrder(text, [
      /window info VMNetX begins version=\S+ .*location=http:\/\/127\.0\.0\.1:\d+\/a\.nxpk\n/,
      /window info The package was found .*name=Firmware .*directoryDigest=/,
      /window info The session goes on step=preparing after=checking milliseconds=\d+\n/,
      /vmnetfs info The images are mounted\n/,
      /window info The session goes on step=running .*accelerator=tcg/,
      /libvirt info The domain changes event=stopped detail=(crashed|failed)\n/,
      /window error The session fails after=running .*code=host-machine-stopped/,
      /qemu info .*qemu version: \d/,
      /qemu info .*shutting down, reason=(crashed|failed)/,
      /window info The session is closed\n$/,
    ]);
    assert.match(text, /vmnetfs info The mount ends .*requests=\d+/);
    assert.match(text, /window info The accelerator is chosen reason="it was asked for"\n/);
    const folder = join(desktop.folder, 'state', 'vmnetx', 'log');
    const files = await Promise.all(
      (await readdir(folder)).map((name) => readFile(join(folder, name), 'utf8')),
    );
    assert.equal(files.length, 1);
    for (const one of [stdout, stderr, text, ...files]) assert.doesNotMatch(one, SECRET);
    assert.deepEqual(await desktop.remains(), []);
    assert.deepEqual(await readdir(join(desktop.folder, 'cache', 'libvirt', 'qemu', 'log')), []);
  });

  async function qemuPid(): Promise<number> {
    return eventually('QEMU runs', async () => {
      const remains = await desktop.remains();
      const found = remains.map((one) => /^process (\d+): \S*qemu-system/.exec(one)?.[1]);
      const [pid] = found.filter((one) => one !== undefined);
      return pid === undefined ? undefined : Number(pid);
    });
  }
});

function assertInOrder(text: string, entries: readonly RegExp[]): void {
  let rest = text;
  for (const entry of entries) {
    const found = entry.exec(rest);
    assert.ok(found, `${String(entry)} in\n${rest}\nof\n${text}`);
    rest = rest.slice(found.index + found[0].length);
  }
}
