import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Distribution } from '../../../../src/core/doctor/index.js';
import { checkout } from '../../../support/checkout.js';

const execute = promisify(execFile);

/** The caller's own account, with the right to mount inside the namespace. */
const MOUNTING = ['--user', '--mount', '--map-current-user', '--keep-caps'];
/** Without any right, as an ordinary account. */
const ORDINARY = ['--user', '--map-current-user'];

/** A finding as another process tells it. */
export interface ToldFinding {
  readonly id: string;
  readonly state: string;
  readonly found: string;
  readonly meaning: string;
  readonly advice: string | null;
}

interface Circumstances {
  /** Shell lines that take something away, in a namespace of mounts; none: no namespace. */
  readonly damage?: string;
  /** Another environment; `undefined` for what is to be missing. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly distribution?: Distribution;
  /** What tries parts of the window. */
  readonly windowTrial?: string;
  /** How long a check may take. */
  readonly milliseconds?: number;
}

/** This computer as checks see it when something is taken away from it. */
export class DamagedComputer implements AsyncDisposable {
  /** Private folders of the account's; and for the test's own files. */
  readonly folder: string;
  readonly runtime: string;

  private constructor(folder: string) {
    this.folder = folder;
    this.runtime = join(folder, 'run');
  }

  static async make(): Promise<DamagedComputer> {
    const computer = new DamagedComputer(await mkdtemp(join(tmpdir(), 'doctor-')));
    await mkdir(computer.runtime, { mode: 0o700 });
    return computer;
  }

  /** What one check finds in a process of its own. */
  async finding(id: string, circumstances: Circumstances = {}): Promise<ToldFinding> {
    const [result] = await this.findings([id], circumstances);
    assert.equal(result?.id, id);
    return result;
  }

  async findings(
    ids: readonly string[],
    { damage, environment, distribution = 'debian', ...more }: Circumstances = {},
  ): Promise<readonly ToldFinding[]> {
    const { windowTrial = join(checkout, 'dist/src/ui/trial.js'), milliseconds } = more;
    const script = `
      import { CHECKS, examine } from ${JSON.stringify(join(checkout, 'dist/src/core/doctor/index.js'))};
      const host = { environment: process.env, userId: process.getuid(), root: '/',
        capacity: { memoryBytes: 2 ** 32, processors: 4 },
        distribution: '${distribution}', windowTrial: '${windowTrial}' };
      const checks = CHECKS.filter(({ id }) => ${JSON.stringify(ids)}.includes(id));
      const { signal } = new AbortController();
      console.log(JSON.stringify(await examine(checks, host, signal, ${milliseconds ?? 10_000})));
      process.exit();`;
    const node = [process.execPath, '--input-type=module', '-e', script];
    const [program = '', ...words] =
      damage === undefined
        ? node
        : ['unshare', ...MOUNTING, 'sh', '-euc', within(damage), 'sh', ...node];
    const env = { ...process.env, XDG_RUNTIME_DIR: this.runtime, ...environment };
    const { stdout } = await execute(program, words, { env, timeout: 20_000 });
    const told: unknown = JSON.parse(stdout);
    assert.ok(Array.isArray(told));
    return told.map(findingOf);
  }

  /** A program of the test's own. Returns its path. */
  async program(name: string, lines: string): Promise<string> {
    const path = join(this.folder, name);
    await writeFile(path, `#!/bin/sh\n${lines}\n`, { mode: 0o755 });
    return path;
  }

  /** Shell lines that leave only harmless devices in /dev, and an empty file for each of the names. */
  devices(...names: readonly string[]): string {
    const folder = join(this.folder, 'devices');
    return `mkdir -p '${folder}'; mount -t tmpfs none '${folder}'
      for name in null zero random urandom; do
        touch '${folder}'/$name; mount --bind /dev/$name '${folder}'/$name
      done
      for name in ${names.join(' ')}; do touch '${folder}'/$name; done
      mount --rbind '${folder}' /dev`;
  }

  /** What is left in the private folders. */
  async left(): Promise<readonly string[]> {
    return (await readdir(this.runtime)).filter((name) => name !== 'libvirt');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

function within(damage: string): string {
  return `${damage}; exec unshare ${ORDINARY.join(' ')} "$@"`;
}

/** Checks that it has the fields that are agreed, with whole sentences. */
export function findingOf(value: unknown): ToldFinding {
  const { id, state, found, meaning, advice } = Object.fromEntries<unknown>(
    Object.entries(value ?? {}),
  );
  assert.ok(typeof id === 'string' && typeof state === 'string');
  assert.ok(typeof found === 'string' && /^\P{Ll}.*\.$|^libvirt .*\.$/u.test(found), String(found));
  assert.ok(typeof meaning === 'string' && meaning.endsWith('.'), String(meaning));
  assert.ok(advice === null || typeof advice === 'string');
  if (state === 'warning' || state === 'bad') assert.notEqual(advice, null, id);
  return { id, state, found, meaning, advice };
}
