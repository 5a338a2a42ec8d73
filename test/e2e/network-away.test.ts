import assert from 'node:assert/strict';
import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { buildDemoPackage } from '../../scripts/demo-package.js';
import { faults, folderFiles, startFaultServer } from '../support/fault-server/index.js';
import type { FaultServer, SeenRequest } from '../support/fault-server/index.js';
import { until } from '../support/wait.js';
import { WindowOnScreen } from '../support/window-on-screen.js';
import { Desktop } from './support/desktop.js';
import { GuestConsole } from './support/guest-console.js';
import { endPrograms, startProgram } from './support/program.js';

const WAITING = /^Waiting for the network since \d\d:\d\d \(tried (once|\d+ times)\)\. /;
const BOOT_MILLISECONDS = 120_000;
const MEBIBYTE = 1 << 20;

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
    server = await startFaultServer({ files: folderFiles(dirname(packagePath)) });
  });

  afterEach(endPrograms);

  after(async () => {
    await server[Symbol.asyncDispose]();
    await desktop[Symbol.asyncDispose]();
  });

  it('says so while it starts, and starts when the network is back', async () => {
    // What is read to know the machine stands at the beginning and the end of its package.
    const { size } = await stat(packagePath);
    const where = ({ headers }: SeenRequest): boolean => {
      const first = Number(/^bytes=(\d+)/.exec(headers.range ?? '')?.[1]);
      return first > MEBIBYTE && first < size - MEBIBYTE;
    };
    const away = server.faults.add({ fault: faults.closeBeforeHeaders, when: { where } });
    const location = `${server.origin}/${basename(packagePath)}`;
    const program = startProgram('vmnetx', [location], desktop.environment);
    const window = new WindowOnScreen(program.pid);
    const isWaiting = async (): Promise<boolean> =>
      (await window.elements()).some(({ name }) => WAITING.test(name));
    await until('the window says so', isWaiting, 30_000);
    away.remove();
    using shell = await GuestConsole.open(consolePath);
    await shell.see(/GUEST-READY/, BOOT_MILLISECONDS);
    await until('the window says no more', async () => !(await isWaiting()));
    program.kill('SIGTERM');
    assert.equal((await program.ended).status, 0);
  });
});
