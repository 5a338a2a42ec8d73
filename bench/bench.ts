import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plan } from './plan.js';
import type { Results } from './results.js';
import type { Purpose, Session, Subject } from './subjects/index.js';

/** What all parts of a benchmark share. */
export interface Bench {
  readonly plan: Plan;
  readonly subjects: readonly Subject[];
  readonly results: Results;
  /** Whether a row was asked for. */
  wants(metric: string): boolean;
  /** Below it lies everything that is written. */
  readonly scratch: string;
  /** What the web server serves. */
  readonly served: string;
  readonly imagePath: string;
  say(text: string): unknown;
  readonly signal: AbortSignal;
}

/** Starts a subject in a folder of its own, which goes with the session. */
export async function startSession(
  { scratch, imagePath, signal }: Bench,
  subject: Subject,
  origin: string,
  purpose: Purpose,
): Promise<Session> {
  return await inOwnFolder(scratch, (folder) =>
    subject.start({ origin, imagePath, folder }, purpose, signal),
  );
}

/** Gives what is started a new folder below another, and removes it with the session's end. */
export async function inOwnFolder(
  parent: string,
  start: (folder: string) => Promise<Session>,
): Promise<Session> {
  const folder = await mkdtemp(join(parent, 'subject-'));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const session = await start(folder);
    const end = async (): Promise<void> => {
      await session.end();
      await remove();
    };
    return { ...session, end };
  } catch (error) {
    await remove();
    throw error;
  }
}
