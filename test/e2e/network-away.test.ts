import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { buildDemoPackage } from '../../scripts/demo-package.js';
import { faults, folderFiles, startFaultServer } from '../support/fault-server/index.js';
import type { FaultServer, SeenRequest } from '../support/fault-server/index.js';
import { guestData } from '../support/guest-data.js';
import { PrivateKeyring } from '../support/private-keyring.js';
import { output } from '../support/programs.js';
import { until } from '../support/wait.js';
import { WindowOnScreen } from '../support/window-on-screen.js';
import { Desktop } from './support/desktop.js';
import { GuestConsole } from './support/guest-console.js';
import { endPrograms, startProgram } from './support/program.js';

const WAITING = /^Waiting for the network since \d\d:\d\d \(tried (once|\d+ times)\)\. /;
const STANDS =
  'The machine goes on with what was fetched, and stands still when it needs more. Restart it to get the new version.';
const BOOT_MILLISECONDS = 120_000;
const MEBIBYTE = 1 << 20;

/** The size of what is kept is looked at every 30 s. */
const FULL_MILLISECONDS = 60_000;
const FULL =
  'The machines in use have filled the space for fetched data (8 MB). What the machine needs again is fetched again.';

describe('a machine whose network goes away', function () {
  this.timeout(240_000);
  let desktop: Desktop;
  let server: FaultServer;
  let packagePath = '';
  let consolePath = '';

  before(async () => {
    packagePath = await buildDemoPackage(() => undefined);
    desktop = await Desktop.prepare();
    consolePath = join(desktop.folder, 'console');
    desktop.environment['VMNETX_CONSOLE'] = consolePath;
    desktop.environment['VMNETX_CACHE_LIMIT'] = '8M';
    server = await startFaultServer({ files: folderFiles(dirname(packagePath)) });
  });

  afterEach(endPrograms);

  after(async () => {
    await server[Symbol.asyncDispose]();
    await desktop[Symbol.asyncDispose]();
  });

  it('says so while it starts, starts when it is back, logs in where that is wanted from now on, and says of a package that is another by then', async () => {
    await using bus = await PrivateKeyring.withoutKeyring(desktop);
    // What is read to know the machine stands at the beginning and the end of its package.
    const { size } = await stat(packagePath);
    const where = ({ headers }: SeenRequest): boolean => {
      const first = Number(/^bytes=(\d+)/.exec(headers.range ?? '')?.[1]);
      return first > MEBIBYTE && first < size - MEBIBYTE;
    };
    const away = server.faults.add({ fault: faults.closeBeforeHeaders, when: { where } });
    const location = `${server.origin}/${basename(packagePath)}`;
    const program = startProgram('vmnetx', [location], bus.environment);
    const window = new WindowOnScreen(program.pid);
    const isWaiting = async (): Promise<boolean> =>
      (await window.elements()).some(({ name }) => WAITING.test(name));
    await until('the window says so', isWaiting, 30_000);
    away.remove();
    using shell = await GuestConsole.open(consolePath);
    await shell.see(/GUEST-READY/, BOOT_MILLISECONDS);
    await until('the window says no more', async () => !(await isWaiting()));
    await window.element(
      'The machine runs slowly, because software emulation was asked for. Without that option it runs on the processor itself, where that can be.',
    );

    server.faults.add({ fault: faults.basicLogin({ user: 'ada', password: 'open-sesame' }) });
    const reading = shell.run('dd if=/dev/data bs=1M skip=300 count=1 2>/dev/null | sha256sum');
    await window.element('Show Password');
    // What is typed is not for the machine, whose screen had the keyboard.
    for (const word of ['ada', 'open-sesame']) {
      await output('xdotool', 'type', word);
      await output('xdotool', 'key', 'Return');
    }
    const expected = createHash('sha256').update(guestData(300 * MEBIBYTE, MEBIBYTE));
    assert.match(await reading, new RegExp(expected.digest('hex')));

    await until(
      'the window says that no more is kept',
      async () => (await window.elements()).some(({ name }) => name === FULL),
      FULL_MILLISECONDS,
    );

    const changed = server.faults.add({ fault: faults.etag('"two"') });
    void shell.run('dd if=/dev/data bs=1M skip=200 count=1 of=/dev/null').catch(() => undefined);
    await window.element(`${location} was changed while it was being read. ${STANDS}`);
    await window.element('Screen of the machine');
    changed.remove();
    await window.press('Restart…');
    await until('the window says no more', async () =>
      (await window.elements()).every(({ name }) => !name.endsWith(STANDS)),
    );
    program.kill('SIGTERM');
    assert.equal((await program.ended).status, 0);
  });
});
