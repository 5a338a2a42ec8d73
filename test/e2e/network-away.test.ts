import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildDemoPackage } from '../../scripts/demo-package.js';
import { faults, folderFiles, startFaultServer } from '../support/fault-server/index.js';
import type { FaultServer, SeenRequest } from '../support/fault-server/index.js';
import { guestData } from '../support/guest-data.js';
import { eventually, until } from '../support/wait.js';
import { WindowOnScreen } from '../support/window-on-screen.js';
import { Desktop } from './support/desktop.js';
import { GuestConsole } from './support/guest-console.js';
import { endPrograms, startProgram, type StartedProgram } from './support/program.js';

const WAITING = /^Waiting for the network since \d\d:\d\d \(tried (once|\d+ times)\)\. /;
const BOOT_MILLISECONDS = 120_000;
const MEBIBYTE = 1 << 20;
/** A part of the guest's data that its boot does not read, in MiB. */
const UNREAD = 300;

describe('a machine whose network goes away', function () {
  this.timeout(240_000);
  let desktop: Desktop;
  let server: FaultServer;
  let packagePath = '';
  let consolePath = '';
  let opened = 0;

  before(async () => {
    packagePath = await buildDemoPackage(() => undefined);
    desktop = await Desktop.prepare();
    consolePath = join(desktop.folder, 'console');
    desktop.environment['VMNETX_CONSOLE'] = consolePath;
    server = await startFaultServer({ files: folderFiles(dirname(packagePath)) });
  });

  afterEach(endPrograms);

  after(async () => {
    await server[Symbol.asyncDispose]();
    await desktop[Symbol.asyncDispose]();
  });

  interface Opened {
    readonly program: StartedProgram;
    readonly window: WindowOnScreen;
  }

  /** Opens the machine as one that was never opened before. */
  function open(): Opened {
    const location = `${server.origin}/${basename(packagePath)}`;
    const cache = join(desktop.folder, `cache-${++opened}`);
    const environment = { ...desktop.environment, XDG_CACHE_HOME: cache };
    const program = startProgram('vmnetx', [location], environment);
    return { program, window: new WindowOnScreen(program.pid) };
  }

  async function ready(): Promise<GuestConsole> {
    await until('the machine has a console', () => existsSync(consolePath), BOOT_MILLISECONDS);
    const shell = await GuestConsole.open(consolePath);
    await shell.see(/GUEST-READY/, BOOT_MILLISECONDS);
    return shell;
  }

  const waitingIn = async (window: WindowOnScreen): Promise<boolean> =>
    (await window.elements()).some(({ name }) => WAITING.test(name));

  async function isPaused(): Promise<boolean> {
    const name = await desktop.virsh('list', '--name', '--all');
    return (await desktop.virsh('domstate', '--reason', name)) === 'paused (I/O error)';
  }

  it('is paused and says so, and goes on by itself when the network is back', async () => {
    const { program, window } = open();
    using shell = await ready();
    await window.element('Screen of the machine');
    assert.equal(await waitingIn(window), false);

    const away = server.faults.add({ fault: faults.closeBeforeHeaders });
    const reading = shell.run(
      `dd if=/dev/sda2 bs=1M skip=${UNREAD} count=2 2>/dev/null | sha256sum`,
      BOOT_MILLISECONDS,
    );
    await eventually('the window says so', async () =>
      (await waitingIn(window)) ? true : undefined,
    );
    await until('QEMU has paused the guest', isPaused, 30_000);
    // Longer than any guest or QEMU bears a disk that does not answer.
    await sleep(8000);
    assert.ok(await waitingIn(window));

    away.remove();
    const expected = createHash('sha256').update(guestData(UNREAD * MEBIBYTE, 2 * MEBIBYTE));
    // The kernel prints there, too.
    assert.equal(/[0-9a-f]{64}/.exec(await reading)?.[0], expected.digest('hex'));
    await until('the window says no more', async () => !(await waitingIn(window)));
    assert.doesNotMatch(await shell.run('dmesg'), /I\/O error|timed? ?out|reset/i);
    program.kill('SIGTERM');
    assert.deepEqual(await program.ended, { status: 0, stdout: '', stderr: '' });
  });

  it('can be left while it waits, and leaves nothing', async () => {
    const { program, window } = open();
    using shell = await ready();
    const away = server.faults.add({ fault: faults.closeBeforeHeaders });
    shell.send(`dd if=/dev/sda2 of=/dev/null bs=1M skip=${UNREAD + 100} count=2`);
    await until('the window says so', () => waitingIn(window));
    await until('QEMU has paused the guest', isPaused, 30_000);
    const begin = performance.now();
    program.kill('SIGTERM');
    assert.equal((await program.ended).status, 0);
    assert.ok(performance.now() - begin < 5000);
    assert.deepEqual(await desktop.remains(), []);
    away.remove();
  });

  it('says so while it starts, and starts when the network is back', async () => {
    // What is read to know the machine stands at the beginning and the end of its package.
    const { size } = await stat(packagePath);
    const where = ({ headers }: SeenRequest): boolean => {
      const first = Number(/^bytes=(\d+)/.exec(headers.range ?? '')?.[1]);
      return first > MEBIBYTE && first < size - MEBIBYTE;
    };
    const away = server.faults.add({ fault: faults.closeBeforeHeaders, when: { where } });
    const { program, window } = open();
    await until('the window says so', () => waitingIn(window), 30_000);
    away.remove();
    (await ready())[Symbol.dispose]();
    await until('the window says no more', async () => !(await waitingIn(window)));
    program.kill('SIGTERM');
    assert.equal((await program.ended).status, 0);
  });
});
