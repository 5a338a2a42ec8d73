import { beginLog, errorValues, type Log, type Part } from '../core/log/index.js';
import { VERSION, type Environment } from '../core/places/index.js';
import { parseLocation } from '../core/reference/index.js';

/**
 * Begins the log of a command that opens a machine. Where that cannot be, the user is told, and the
 * machine is opened all the same.
 */
export async function sessionLog(
  part: Part,
  location: string,
  environment: Environment,
): Promise<Log> {
  const { log, problem } = await beginLog(part, environment);
  if (problem !== null) process.stderr.write(`vmnetx: ${problem.message} (${problem.code})\n`);
  const { version: node, pid } = process;
  log.info('VMNetX begins', { version: VERSION, node, pid, location: labelOf(location) });
  // What nobody caught ends the process, and nothing but the log may be left to say so.
  const crashed = (thrown: unknown): void => {
    log.error('VMNetX crashed', errorValues(thrown));
  };
  process.prependListener('uncaughtException', crashed);
  process.prependListener('unhandledRejection', crashed);
  return log;
}

/** What is shown of a location; null for one that is refused, whose error says more. */
function labelOf(location: string): string | null {
  try {
    return parseLocation(location, process.cwd()).label;
  } catch {
    return null;
  }
}
