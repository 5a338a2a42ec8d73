import assert from 'node:assert/strict';
import { catalogue } from '../../../src/core/errors/index.js';
import type { Desktop } from '../../e2e/support/desktop.js';
import {
  assertTold,
  endPrograms,
  startProgram,
  type StartedProgram,
} from '../../e2e/support/program.js';
import type { ScreenReader } from '../../support/screen-reading.js';
import { until } from '../../support/wait.js';
import { WindowOnScreen } from '../../support/window-on-screen.js';
import { SECRET, type Attack } from './attack.js';
import type { Scene } from './scene.js';

/** How many windows are open together: each waits for its process, its server, its machine. */
const TOGETHER = 4;
/** Some attacks come only while the machine runs. */
const PAGE_MILLISECONDS = 60_000;
const GONE_MILLISECONDS = 5000;
/** What the window says of a machine whose memory is refused, after the reason. */
const STARTED = 'The machine was started from its disk instead.';
/** The same of a package that was changed. */
const STANDS = 'and stands still when it needs more. Restart it to get the new version.';

/** A location of an attack. */
export interface Place {
  readonly attack: Attack;
  /** What the location is called. */
  readonly title: string;
  readonly location: string;
  /** Where relative locations begin, and what the user has set. */
  readonly scene: Scene;
}

/** Cuts a list into groups for {@link openInWindows}. */
export function inGroups<Each>(all: readonly Each[]): readonly (readonly Each[])[] {
  const groups = Math.ceil(all.length / TOGETHER);
  return Array.from({ length: groups }, (_, n) => all.slice(n * TOGETHER, (n + 1) * TOGETHER));
}

/**
 * Opens each place in a real window of its own, all at the same time, and closes the windows again.
 *
 * @returns what was not as it should be: another page or status than the attack's, a machine that does not
 *   boot although only its memory is refused, and what remained
 */
export async function openInWindows(
  places: readonly Place[],
  desktop: Desktop,
  reader: ScreenReader,
): Promise<readonly string[]> {
  const problems = places.map(async (place) => {
    const { attack, title, location, scene } = place;
    const link = attack.fromLink ? ['--from-link'] : [];
    const environment = { ...desktop.environment, ...scene.environment };
    const words = ['open', ...link, '--', location];
    const program = startProgram('vmnetx', words, environment, scene.folder);
    try {
      await seeingOf(attack)(attack, program, new WindowOnScreen(program.pid, reader));
      return [];
    } catch (error) {
      const told = program.stderr();
      program.kill('SIGKILL');
      return [`${attack.name}, ${title}: ${error instanceof Error ? error.message : ''}\n${told}`];
    }
  });
  const found = (await Promise.all(problems)).flat();
  await endPrograms();
  let remains: readonly string[] = [];
  const isGone = async () => (remains = await desktop.remains()).length === 0;
  await until('nothing is left', isGone, GONE_MILLISECONDS).catch(() => undefined);
  return [...found, ...remains.map((one) => `remains: ${one}`)];
}

/** What there is to see of an attack. */
function seeingOf({ code, command }: Attack): typeof seeRefused {
  if (code.startsWith('memory-')) return seeBooted;
  return code === 'package-changed' && command === 'mount' ? seeStanding : seeRefused;
}

/** The machine stands still, and the window says why. */
async function seeStanding(
  { told }: Attack,
  program: StartedProgram,
  window: WindowOnScreen,
): Promise<void> {
  const isSaid = async (): Promise<boolean> =>
    (await window.elements()).some(({ name }) => name.includes(told) && name.endsWith(STANDS));
  await until('the window says why it stands still', isSaid, PAGE_MILLISECONDS);
  await window.element('Screen of the machine');
  await window.press('Quit');
  assert.deepEqual(await program.ended, { status: 0, stdout: '', stderr: '' });
}

/** The page of the error, its details, which can be copied, and the end with its status. */
async function seeRefused(
  { code, told }: Attack,
  program: StartedProgram,
  window: WindowOnScreen,
): Promise<void> {
  let hasEnded = false;
  void program.ended.then(() => (hasEnded = true));
  const isShown = async (): Promise<boolean> => {
    const names = (await window.elements()).map(({ name }) => name);
    // Nobody tells a hostile server who they are.
    if (names.includes('Log In')) await window.press('Cancel');
    return hasEnded || names.includes('Details');
  };
  await until('the page of an error is shown', isShown, PAGE_MILLISECONDS);
  assert.ok(!hasEnded, 'there is no window any more');
  await window.press('Details');
  await window.press('Copy Details');
  await window.element('Copied');
  const shown = (await window.elements()).map(({ name }) => name);
  const all = shown.join('\n');
  assert.ok(
    shown.some((text) => text.split('\n')[0] === code),
    all,
  );
  assert.ok(all.includes(told), all);
  assert.ok(!all.includes(SECRET), all);
  await window.press('Quit');
  const { status, stdout, stderr } = await program.ended;
  assertTold(stderr, code);
  assert.ok(!stderr.includes(SECRET), stderr);
  assert.deepEqual([status, stdout], [catalogue[code].status, '']);
}

/** The machine boots from its disk, and the window says why: what is wrong with its memory is no more. */
async function seeBooted(
  { told }: Attack,
  program: StartedProgram,
  window: WindowOnScreen,
): Promise<void> {
  const said = async (): Promise<readonly string[]> =>
    (await window.elements()).map(({ name }) => name).filter((text) => text.endsWith(STARTED));
  await until(
    'the window says why it boots',
    async () => (await said()).length > 0,
    PAGE_MILLISECONDS,
  );
  await window.element('Screen of the machine');
  const [why = ''] = await said();
  assert.ok(why.includes(told), why);
  await window.press('Quit');
  assert.deepEqual(await program.ended, { status: 0, stdout: '', stderr: '' });
}
