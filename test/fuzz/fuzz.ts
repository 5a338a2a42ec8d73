import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, statSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCase } from './case-file.js';
import { HANGS_AFTER_MILLISECONDS, MAX_HEAP_MEBIBYTES } from './limits.js';
import type { Progress } from './outcomes.js';

const PROCESS = join(import.meta.dirname, 'process.js');
const POLL_MILLISECONDS = 250;

export interface FuzzOptions {
  readonly runs: number;
  /** The same seed gives the same inputs. */
  readonly seed: number;
  /** Without a new input for so long, the parser hangs. */
  readonly hangsAfter?: number;
  readonly onProgress?: (progress: Progress) => void;
}

/** An input that broke a parser. */
export interface Finding {
  /** What came of it. */
  readonly what: string;
  readonly input: string;
}

/**
 * Tries a parser with inputs that are nearly right, in a process of its own: that one may crash, hang
 * or eat memory, which is then the finding.
 *
 * @returns the first finding, or null
 */
export async function fuzz(name: string, options: FuzzOptions): Promise<Finding | null> {
  return inProcess(name, options, null);
}

/** Tries a parser with one input that was told. */
export async function fuzzOnce(
  name: string,
  shown: string,
  hangsAfter = HANGS_AFTER_MILLISECONDS,
): Promise<Finding | null> {
  return inProcess(name, { runs: 1, seed: 0, hangsAfter }, shown);
}

async function inProcess(
  name: string,
  { runs, seed, hangsAfter = HANGS_AFTER_MILLISECONDS, onProgress }: FuzzOptions,
  shown: string | null,
): Promise<Finding | null> {
  const folder = await mkdtemp(join(tmpdir(), 'fuzz-'));
  const path = join(folder, 'case');
  const words = [PROCESS, name, String(runs), String(seed), path];
  if (shown !== null) {
    words.push(join(folder, 'shown'));
    await writeFile(join(folder, 'shown'), shown);
  }
  const child = spawn(process.execPath, [`--max-old-space-size=${MAX_HEAP_MEBIBYTES}`, ...words], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  child.on('message', (progress: Progress) => onProgress?.(progress));
  let [said, complained] = ['', ''];
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (said += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (complained += text));
  const started = Date.now();
  const watch = setInterval(() => {
    const last = existsSync(path) ? statSync(path).mtimeMs : started;
    if (Date.now() - last < hangsAfter) return;
    said = `it hangs: no new input for ${hangsAfter} ms`;
    child.kill('SIGKILL');
  }, POLL_MILLISECONDS);
  try {
    await once(child, 'close');
    if (child.exitCode === 0 && said === '') return null;
    const how = child.signalCode ?? `status ${child.exitCode ?? ''}`;
    const what = said === '' ? `the process ended with ${how}\n${complained}` : said;
    return { what, input: existsSync(path) ? readCase(path) : '' };
  } finally {
    clearInterval(watch);
    await rm(folder, { recursive: true });
  }
}

/** What a person needs to know of a finding, and to see it again. */
export function describeFinding(name: string, seed: number, { what, input }: Finding): string {
  return `${name}, seed ${seed}: ${what}\nwith ${input}\nnpm run fuzz -- --parser ${name} --seed ${seed}`;
}
