import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Desktop } from '../../e2e/support/desktop.js';
import { GuestConsole } from '../../e2e/support/guest-console.js';
import { testConcurrently } from '../../support/concurrent-tests.js';
import { faults } from '../../support/fault-server/index.js';
import { until } from '../../support/wait.js';
import { WallClock } from '../../support/wall-clock.js';
import { SessionProcess } from './support/session-process.js';
import { StagedMachine } from './support/staged-machine.js';

const TEN_YEARS = 10 * 365 * 24 * 3600;
/** Longer than anything waits for a server or a disk. */
const ASLEEP_MILLISECONDS = 16_000;

const cases = [
  { title: 'goes on when the wall clock jumps by years while it waits for its server', test: jump },
  { title: 'goes on after the computer has slept longer than anything waits', test: fallAsleep },
];

describe('a session', function () {
  this.timeout(90_000);

  testConcurrently(cases, cases.length, ({ test }) => test());
});

async function jump(): Promise<void> {
  await using desktop = await Desktop.prepare();
  await using machine = await StagedMachine.prepare(desktop.folder);
  // The daemon starts now: neither it nor QEMU has the clock.
  await desktop.virsh('list');
  await using clock = await WallClock.prepare(desktop.folder);
  await using session = new SessionProcess({ ...desktop.environment, ...clock.environment });

  const late = machine.slow(1500);
  session.open(machine.newUrl());
  await session.reach('preparing');
  await clock.shift(TEN_YEARS);
  await session.rest('running');
  assert.ok(!session.places.includes('away'), session.places.join(', '));
  await session.ask('close');
  late.remove();

  const away = machine.befall('disk', faults.closeBeforeHeaders);
  session.open(machine.newUrl());
  await session.reach('away');
  const since = (session.last?.since ?? 0) / 1000 - TEN_YEARS;
  assert.ok(Math.abs(since - Date.now() / 1000) < 30, 'the session has another clock');
  await clock.shift(-TEN_YEARS);
  await until('it is tried again', () => session.places.filter((one) => one === 'away').length > 2);
  away.remove();
  await session.rest('running');
  await session.ask('close');
  assert.deepEqual(session.last, { place: 'ended', how: 'closed' });
}

async function fallAsleep(): Promise<void> {
  await using desktop = await Desktop.prepare();
  await using machine = await StagedMachine.prepare(desktop.folder);
  const consoles = [1, 2].map((number) => join(desktop.folder, `console-${number}`));
  const [firstConsole = '', secondConsole = ''] = consoles;
  await using running = new SessionProcess(desktop.environment);
  await using starting = new SessionProcess(desktop.environment);
  running.open(machine.newUrl(), firstConsole);
  await running.reach('running');
  using line = await GuestConsole.open(firstConsole);
  await line.see(/FIRMWARE-READY/);
  const silent = machine.befall('disk', faults.silence);
  starting.open(machine.newUrl(), secondConsole);
  await until('its disk is read', () => silent.hits > 0);

  const asleep = [...(await desktop.processes()).map(({ pid }) => pid), await desktop.daemonPid()];
  for (const pid of asleep) process.kill(pid, 'SIGSTOP');
  silent.remove();
  await machine.dropConnections();
  await sleep(ASLEEP_MILLISECONDS);
  for (const pid of asleep) process.kill(pid, 'SIGCONT');

  await starting.rest('running');
  using other = await GuestConsole.open(secondConsole);
  await other.see(/FIRMWARE-READY/);
  assert.equal(running.place, 'running');
  await running.ask('reset');
  await line.see(/FIRMWARE-READY[^]*FIRMWARE-READY/);
  for (const session of [running, starting]) {
    assert.ok(!session.places.includes('failed'));
    await session.ask('close');
  }
}
