import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { fail } from '../errors/index.js';

/** Environment variables, as in `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Where VMNetX keeps things (XDG Base Directory Specification 0.8). None of it exists for sure. */
export interface Places {
  /** Chunks that were fetched; may be deleted at any time. */
  readonly cache: string;
  /** Logs, and what guests write while they run. */
  readonly state: string;
  /** Mounts and sockets of live machines. */
  readonly runtime: string;
}

/**
 * @throws VmnetxError `host-no-runtime-directory` without `XDG_RUNTIME_DIR`: sockets must lie in a
 *   folder that nobody else can enter, so there is no fallback under /tmp.
 */
export function places(environment: Environment): Places {
  const absolute = (name: string): string | undefined => {
    const value = environment[name];
    return value !== undefined && isAbsolute(value) ? value : undefined;
  };
  const runtime = absolute('XDG_RUNTIME_DIR');
  if (runtime === undefined) throw fail('host-no-runtime-directory', {});
  return {
    cache: join(absolute('XDG_CACHE_HOME') ?? join(homedir(), '.cache'), 'vmnetx'),
    state: join(absolute('XDG_STATE_HOME') ?? join(homedir(), '.local', 'state'), 'vmnetx'),
    runtime: join(runtime, 'vmnetx'),
  };
}
