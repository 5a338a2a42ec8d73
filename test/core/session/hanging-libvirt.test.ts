import assert from 'node:assert/strict';
import { Desktop } from '../../e2e/support/desktop.js';
import { until } from '../../support/wait.js';
import { SessionProcess, type Place } from './support/session-process.js';
import { StagedMachine } from './support/staged-machine.js';

const GONE_MILLISECONDS = 5000;

describe('a session whose libvirt does not answer any more', function () {
  this.timeout(90_000);
  let desktop: Desktop;
  let machine: StagedMachine;
  let session: SessionProcess;

  beforeEach(async () => {
    desktop = await Desktop.prepare();
    machine = await StagedMachine.prepare(desktop.folder);
    session = new SessionProcess(desktop.environment);
  });

  afterEach(async () => {
    await session[Symbol.asyncDispose]();
    await machine[Symbol.asyncDispose]();
    await desktop[Symbol.asyncDispose]();
  });

  for (const place of ['resolving', 'checking', 'preparing', 'booting', 'running'] as const) {
    it(`can be given up within 5 s, and leaves nothing: ${place satisfies Place}`, async () => {
      machine.slow(200);
      await desktop.virsh('version');
      session.open(machine.newUrl());
      await session.reach(place);
      const pid = await desktop.daemonPid();
      process.kill(pid, 'SIGSTOP');
      try {
        const begin = performance.now();
        await session.ask('close');
        await session.kill();
        assert.ok(performance.now() - begin < GONE_MILLISECONDS);
        assert.deepEqual(await desktop.remainsBesidesLibvirt(), []);
      } finally {
        process.kill(pid, 'SIGCONT');
      }
      // What libvirt was asked meanwhile comes to nothing.
      await until('libvirt has nothing', async () => (await desktop.remains()).length === 0);
    });
  }
});
