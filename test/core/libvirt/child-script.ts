import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

export interface Ended {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

const FACE = JSON.stringify(new URL('../../../src/core/libvirt/index.js', import.meta.url).href);

/** A child that has not ended by then is killed: `signal` tells. */
const LIMIT_MILLISECONDS = 15_000;

/**
 * Runs statements of an ES module in a Node process of its own, where `openConnection`, `delay` and
 * `count` (entries of a folder) are there. What matters is how the process ends.
 */
export async function runScript(
  statements: string,
  environment: NodeJS.ProcessEnv,
): Promise<Ended> {
  const program = `
    import { readdirSync } from 'node:fs';
    import { setTimeout as delay } from 'node:timers/promises';
    import { openConnection } from ${FACE};
    const count = (folder) => readdirSync(folder).length;
    ${statements}`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: LIMIT_MILLISECONDS,
    killSignal: 'SIGKILL',
  });
  const output = Promise.all([text(child.stdout), text(child.stderr)]);
  await once(child, 'close');
  const [stdout, stderr] = await output;
  return { status: child.exitCode, signal: child.signalCode, stdout, stderr };
}
