import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { checkout } from '../../support/checkout.js';
import type { Desktop } from './desktop.js';

const execute = promisify(execFile);

/** The program as meson installed it into a prefix of the desktop's folder, registered there. */
export interface InstalledProgram {
  readonly prefix: string;
  /** Runs a desktop's command with the prefix among its data folders; returns what it printed. */
  run(program: string, ...words: readonly string[]): Promise<string>;
  /** `gio open`, which does not wait for the program that it starts. */
  open(target: string): Promise<void>;
}

/** Installs the program for a desktop, as `meson install` does. */
export async function installProgram(desktop: Desktop): Promise<InstalledProgram> {
  const prefix = join(desktop.folder, 'prefix');
  const build = join(desktop.folder, 'meson');
  const environment = {
    ...desktop.environment,
    XDG_DATA_HOME: join(desktop.folder, 'data'),
    XDG_CONFIG_DIRS: join(desktop.folder, 'config-dirs'),
    XDG_DATA_DIRS: `${prefix}/share:/usr/share`,
    XDG_CURRENT_DESKTOP: 'GNOME',
  };
  await mkdir(environment.XDG_DATA_HOME, { recursive: true });
  const run = async (program: string, ...words: readonly string[]): Promise<string> => {
    const options = { env: environment, timeout: 60_000, cwd: checkout };
    return (await execute(program, [...words], options)).stdout.trim();
  };
  await run('meson', 'setup', `--prefix=${prefix}`, build, checkout);
  await run('meson', 'install', '-C', build, '--no-rebuild', '--quiet');
  const open = async (target: string): Promise<void> => {
    // What gio starts inherits its output: only a pipe would be waited for.
    const gio = spawn('gio', ['open', target], { env: environment, stdio: 'ignore' });
    await once(gio, 'exit');
    assert.equal(gio.exitCode, 0);
  };
  return { prefix, run, open };
}
