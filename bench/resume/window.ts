import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { command } from '../../scripts/command.js';
import type { Desktop } from '../../test/e2e/support/desktop.js';
import { GuestConsole } from '../../test/e2e/support/guest-console.js';
import { eventually } from '../../test/support/wait.js';
import { Program } from '../program.js';

const LIMIT_MILLISECONDS = 120_000;

/** What the time from the click to the first new count went into, in milliseconds. */
export type Split = ReadonlyMap<string, number>;

export interface Resumed {
  /** From the click to the first number that the guest counts to. */
  readonly milliseconds: number;
  readonly split: Split;
}

/**
 * Opens a machine in its window, as a click does, and closes it when its guest counts.
 *
 * @param saved what it had counted to
 * @param meanwhile is waited for before the window is closed
 */
export async function resumeInWindow(
  url: string,
  desktop: Desktop,
  saved: number,
  meanwhile: () => Promise<void> = () => Promise.resolve(),
): Promise<Resumed> {
  const consolePath = join(desktop.folder, 'console');
  const environment = { ...desktop.environment, VMNETX_CONSOLE: consolePath };
  const begin = performance.now();
  const program = Program.start([command('vmnetx'), url], environment);
  try {
    using shell = await GuestConsole.open(consolePath);
    await firstCount(shell, saved);
    const milliseconds = performance.now() - begin;
    await meanwhile();
    return { milliseconds, split: await readSplit(desktop, milliseconds) };
  } finally {
    await program.end();
  }
}

/** Waits for the guest to count on. */
export async function firstCount(shell: GuestConsole, saved: number): Promise<void> {
  const first = await eventually('a count', () => shell.counts()[0], LIMIT_MILLISECONDS);
  if (first <= saved) throw new Error(`The guest counts from ${first}, and had come to ${saved}`);
}

/** The steps of the newest session, by its log; before the first comes the start of the program. */
async function readSplit(desktop: Desktop, milliseconds: number): Promise<Split> {
  const folder = join(desktop.folder, 'state/vmnetx/log');
  const newest = (await readdir(folder)).sort().at(-1) ?? '';
  const text = await readFile(join(folder, newest), 'utf8');
  const steps = new Map<string, number>();
  for (const [, step = '', time] of text.matchAll(STEP)) {
    if (!steps.has(step)) steps.set(step, Number(time));
  }
  const known = [...steps.values()].reduce((sum, time) => sum + time, 0);
  return new Map([...steps, ['the rest', milliseconds - known]]);
}

const STEP = /The session goes on\b.*\bafter=(\w+).*\bmilliseconds=(\d+)/g;
