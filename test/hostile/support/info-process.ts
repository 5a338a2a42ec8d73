/**
 * For each message `{ folder, locations }`: does what `vmnetx info -- LOCATION` does, for one location
 * after the other, in that folder, and answers with how each ended.
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
  readonly locations: readonly string[];
}

async function infoOfAll({ folder, locations }: Wanted): Promise<void> {
  process.chdir(folder);
  const ended = [];
  for (const location of locations) {
    [stdout, stderr] = ['', ''];
    const status = await run(['info', '--', location], { displayProblem: null });
    ended.push({ status, stdout, stderr });
  }
  process.send?.(ended);
}

process.on('message', (wanted: Wanted) => void infoOfAll(wanted));
