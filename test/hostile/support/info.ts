import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startProgram } from '../../e2e/support/program.js';

const execute = promisify(execFile);
const PROCESS = join(import.meta.dirname, 'info-process.js');
const TIMEOUT_MILLISECONDS = 60_000;

/** How a command ended. */
export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Has `vmnetx info` look at locations: at the first by the command itself, at the others by one
 * process for all, because starting the command takes longer than what it does.
 *
 * @param folder where relative locations begin
 */
export async function infoOfAll(
  locations: readonly string[],
  environment: NodeJS.ProcessEnv,
  folder: string,
): Promise<readonly Ended[]> {
  const [first, ...others] = locations;
  if (first === undefined) throw new Error('there is nothing to look at');
  const ended = await startProgram('vmnetx', ['info', '--', first], environment, folder).ended;
  if (others.length === 0) return [ended];
  const options = { env: environment, cwd: folder, timeout: TIMEOUT_MILLISECONDS };
  const { stdout } = await execute(process.execPath, [PROCESS, ...others], options);
  return [ended, ...stdout.trimEnd().split('\n').map(readEnded)];
}

function readEnded(line: string): Ended {
  const value: unknown = JSON.parse(line);
  if (!isEnded(value)) throw new Error(line);
  return value;
}

function isEnded(value: unknown): value is Ended {
  return typeof value === 'object' && value !== null && 'status' in value && 'stderr' in value;
}
