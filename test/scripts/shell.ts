import { execFile } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkout } from '../support/checkout.js';
import { output } from '../support/programs.js';

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end, for at most 30 s, whatever its status. */
export function run(
  program: string,
  words: readonly string[],
  environment: NodeJS.ProcessEnv = process.env,
): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(
      program,
      [...words],
      { env: environment, timeout: 30_000 },
      (_, stdout, stderr) => {
        resolve({ status: child.exitCode, stdout, stderr });
      },
    );
  });
}

/** Runs lines of bash after the scripts' libraries, with `root` set to a folder of the test's. */
export function withLibraries(
  root: string,
  lines: string,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<Ended> {
  const libraries = ['common', 'packages'].map((name) => `. '${checkout}/scripts/lib/${name}.sh'`);
  const script = `set -euo pipefail; root=$1; ${libraries.join('; ')}; ${lines}`;
  return run('bash', ['-c', script, 'bash', root], environment);
}

/** Makes a folder for PATH with a few programs of this computer, and stand-ins that only succeed. */
export async function makePath(
  folder: string,
  programs: readonly string[],
  standIns: readonly string[] = [],
): Promise<string> {
  await mkdir(folder);
  for (const program of programs) {
    await symlink(await output('which', program), join(folder, program));
  }
  for (const program of standIns) {
    await writeFile(join(folder, program), '#!/bin/sh\n', { mode: 0o755 });
  }
  return folder;
}
