import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Desktop } from '../../../e2e/support/desktop.js';
import { faults } from '../../../support/fault-server/index.js';
import { isAlive } from '../../../support/private-libvirt.js';
import { seeded } from '../../../support/random.js';
import { eventually } from '../../../support/wait.js';
import { SessionProcess, type Place } from './session-process.js';
import { StagedMachine } from './staged-machine.js';

/** Where a session is when something of it is killed. */
export const PLACES = [
  'resolving',
  'checking',
  'logging-in',
  'preparing',
  'booting',
  'away',
  'running',
  'stopping',
] as const satisfies readonly Place[];

type Victim = 'window' | 'vmnetfs' | 'qemu' | 'libvirt';

/** What is killed together; with the window and another, nobody is left who could clear. */
const BLOWS: readonly (readonly Victim[])[] = [
  ['window'],
  ['vmnetfs'],
  ['qemu'],
  ['libvirt'],
  ['window', 'vmnetfs'],
  ['window', 'libvirt'],
  ['window', 'vmnetfs', 'qemu', 'libvirt'],
];

const LONGEST_MOMENT = 300;
/** A machine that lost its window may live on so long, and is cleared at the next start. */
const CLEARED_MILLISECONDS = 10_000;

/** How often each was killed, and where the session was. */
export type KillCounts = ReadonlyMap<string, number>;

/**
 * Kills a part of a session (its window's process, vmnetfs, QEMU, libvirt's daemon) at moments that a
 * seed decides, starts the machine anew, and sees that nothing is left of the killed one, and that
 * another session, which runs all the while, was not hurt.
 *
 * @param runs how many are killed; the places take turns
 * @param onRun told of each
 * @throws AssertionError with the run in its message
 */
export async function killSessions(
  seed: number,
  runs: number,
  onRun: (words: string) => void = () => undefined,
): Promise<KillCounts> {
  const random = seeded(seed);
  const counts = new Map<string, number>();
  await using desktop = await Desktop.prepare();
  await using machine = await StagedMachine.prepare(desktop.folder);
  await using other = new SessionProcess(desktop.environment);
  await using next = new SessionProcess(desktop.environment);
  other.open(machine.path);
  await other.reach('running');
  const others = new Set(withoutNumbers(await desktop.remains()));
  const otherDomain = await desktop.virsh('list', '--name');

  for (let run = 0; run < runs; run++) {
    const place = PLACES[run % PLACES.length] ?? 'running';
    await using session = new SessionProcess(desktop.environment);
    keepAt(place, machine);
    session.open(machine.newUrl());
    if (place === 'stopping') {
      await session.reach('running');
      session.tell('close');
    } else await session.reach(place);
    await sleep(random() * (place === 'stopping' ? 50 : LONGEST_MOMENT));
    const victims = await victimsOf(session, desktop, otherDomain);
    const blows = BLOWS.filter((each) => each.every((victim) => victims.has(victim)));
    const blow = blows[Math.floor(random() * blows.length)] ?? ['window'];
    const words = `run ${run}: ${blow.join(', ')} killed while ${place}`;
    onRun(words);
    for (const what of [place, ...blow]) count(counts, what);
    for (const victim of blow) kill(victims.get(victim) ?? 0);
    machine.clear();
    // What ends by itself after that says so; what goes on is closed.
    await sleep(random() * LONGEST_MOMENT);
    if (!blow.includes('window')) await session.ask('close');
    await session.kill();

    next.open(machine.path);
    await next.reach('running');
    await next.ask('close');
    let left: readonly string[] = [];
    const cleared = async (): Promise<true | undefined> => {
      left = (await desktop.remains()).filter((one) => !isOf(one, others, [next.pid, other.pid]));
      return left.length === 0 ? true : undefined;
    };
    await eventually('nothing is left', cleared, CLEARED_MILLISECONDS).catch(() => undefined);
    assert.deepEqual(left, [], words);
    assert.equal(other.place, 'running', `${words}: the other session`);
    assert.equal(await desktop.virsh('domstate', otherDomain), 'running', words);
  }
  await other.ask('close');
  assert.equal(other.last?.how, 'closed');
  return counts;
}

/** Has the machine's server keep a session where it is to be. */
function keepAt(place: Place, machine: StagedMachine): void {
  if (place === 'resolving') machine.befall('all', faults.silence);
  if (place === 'checking') machine.befall('directory', faults.silence);
  if (place === 'booting') machine.befall('disk', faults.silence);
  if (place === 'away') machine.befall('disk', faults.closeBeforeHeaders);
  if (place === 'logging-in') {
    machine.befall('all', faults.basicLogin({ user: 'alice', password: 'secret' }));
  }
}

/** What of a session there is to be killed, by process. */
async function victimsOf(
  session: SessionProcess,
  desktop: Desktop,
  otherDomain: string,
): Promise<ReadonlyMap<Victim, number>> {
  const [, otherId = ''] = otherDomain.split('-');
  const processes = await desktop.processes();
  const qemu = processes.find(
    ({ words }) => words.includes('qemu-system') && !words.includes(otherId),
  );
  const vmnetfs = processes.find(({ words, parent }) => words.includes('vmnetfs') && parent === session.pid); // prettier-ignore
  const daemon = await readFile(join(desktop.folder, 'run/libvirt/libvirtd.pid'), 'utf8').catch(
    () => '0',
  );
  const all: readonly (readonly [Victim, number])[] = [
    ['window', session.pid],
    ['vmnetfs', vmnetfs?.pid ?? 0],
    ['qemu', qemu?.pid ?? 0],
    ['libvirt', Number(daemon)],
  ];
  return new Map(all.filter(([, pid]) => pid > 0));
}

function kill(pid: number): void {
  if (isAlive(pid)) process.kill(pid, 'SIGKILL');
}

function withoutNumbers(remains: readonly string[]): readonly string[] {
  return remains.map((one) => one.replace(/^\d+ \d+ /, ''));
}

/** Whether it belongs to the sessions that live. */
function isOf(one: string, known: ReadonlySet<string>, pids: readonly number[]): boolean {
  const [words = ''] = withoutNumbers([one]);
  // Which chunks are there belongs to the store: whoever opens that image next goes on with it.
  if (one.includes('/run/vmnetx/store/')) return true;
  return known.has(words) || pids.some((pid) => one.startsWith(`process ${pid}: `));
}

function count(counts: Map<string, number>, what: string): void {
  counts.set(what, (counts.get(what) ?? 0) + 1);
}
