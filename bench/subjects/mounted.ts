import { access } from 'node:fs/promises';
import { Program, runProgram } from '../program.js';
import { START_MILLISECONDS, type Session } from './subject.js';

/** It may have to write what it keeps to the disk first. */
const UNMOUNT_MILLISECONDS = 20_000;

/** A program that mounts a file. */
export interface Mounting {
  readonly words: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  /** The mount point, empty. */
  readonly directory: string;
  /** The name of the file in it. */
  readonly file: string;
  /** Whether what the program has printed says that it is ready; the file must be there, too. */
  readonly ready: (said: string) => boolean;
}

/** Starts it and waits for the file. Its owner ends the session; a dead mount is removed then. */
export async function startMounted(mounting: Mounting, signal: AbortSignal): Promise<Session> {
  const { words, environment, directory, file, ready } = mounting;
  const path = `${directory}/${file}`;
  const program = Program.start(words, environment);
  const end = async (): Promise<void> => {
    await program.end(UNMOUNT_MILLISECONDS);
    const unmount = ['fusermount3', '-u', '-z', '-q', directory];
    // It fails where nothing is mounted any more, as it should be.
    await runProgram(unmount, new AbortController().signal).catch(() => undefined);
  };
  try {
    await program.ready(
      async () => ready(program.said) && (await exists(path)),
      START_MILLISECONDS,
      signal,
    );
  } catch (error) {
    await end();
    throw error;
  }
  return { target: { kind: 'file', path }, pid: program.pid, end };
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}
