/**
 * info-process LOCATION…: does what `vmnetx info -- LOCATION` does, for one location after the other,
 * and prints a line of JSON for each.
 */
import { run } from '../../../src/cli/main.js';

const write = process.stdout.write.bind(process.stdout);

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
for (const location of process.argv.slice(2)) {
  [stdout, stderr] = ['', ''];
  const status = await run(['info', '--', location], { displayProblem: null });
  write(`${JSON.stringify({ status, stdout, stderr })}\n`);
}
