import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { fail } from '../errors/index.js';

/** Environment variables, as in `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

// Where VMNetX keeps things (XDG Base Directory Specification 0.8). Nothing says that they exist.

/** Chunks that were fetched; may be deleted at any time. */
export function cacheDirectory(environment: Environment): string {
  return join(absolute(environment, 'XDG_CACHE_HOME') ?? join(homedir(), '.cache'), 'vmnetx');
}

/** Settings. */
export function configDirectory(environment: Environment): string {
  return join(absolute(environment, 'XDG_CONFIG_HOME') ?? join(homedir(), '.config'), 'vmnetx');
}

/** Logs, and what guests write while they run. */
export function stateDirectory(environment: Environment): string {
  const base = absolute(environment, 'XDG_STATE_HOME') ?? join(homedir(), '.local', 'state');
  return join(base, 'vmnetx');
}

/**
 * Mounts and sockets of live machines; null without `XDG_RUNTIME_DIR`: they must lie in a folder that
 * nobody else can enter, so there is no fallback under /tmp.
 */
export function runtimeDirectory(environment: Environment): string | null {
  const base = absolute(environment, 'XDG_RUNTIME_DIR');
  return base === null ? null : join(base, 'vmnetx');
}

/** Begins the names of folders beside {@link runtimeDirectory} where mounts are tried for a moment. */
export const TRIAL_PREFIX = 'vmnetx-doctor-';

/** @throws VmnetxError `host-no-runtime-directory` */
export function requireRuntimeDirectory(environment: Environment): string {
  const directory = runtimeDirectory(environment);
  if (directory === null) throw fail('host-no-runtime-directory', {});
  return directory;
}

/** The specification has relative paths ignored. */
function absolute(environment: Environment, name: string): string | null {
  const value = environment[name];
  return value !== undefined && isAbsolute(value) ? value : null;
}
