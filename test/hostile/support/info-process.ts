/**
 * For each message `{ folder, environment, calls }`: does what `vmnetx` does with the words of each call,
 * one after the other, in that folder and environment, and answers with how each ended.
 */
import { run } from '../../../src/cli/main.js';

// Each command listens for signals until its process ends.
process.setMaxListeners(0);

let [stdout, stderr] = ['', ''];
process.stdout.write = (chunk: string | Uint8Array): boolean => {
  stdout += Buffer.from(chunk).toString();
  return true;
};
process.stderr.write = (chunk: string | Uint8Array): boolean => {
  stderr += Buffer.from(chunk).toString();
  return true;
};

interface Wanted {
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly calls: readonly (readonly string[])[];
}

async function runAll({ folder, environment, calls }: Wanted): Promise<void> {
  process.chdir(folder);
  process.env = environment;
  const ended = [];
  for (const words of calls) {
    [stdout, stderr] = ['', ''];
    const status = await run(words, { displayProblem: null });
    ended.push({ status, stdout, stderr });
  }
  process.send?.(ended);
}

process.on('message', (wanted: Wanted) => void runAll(wanted));
