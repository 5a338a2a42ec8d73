import assert from 'node:assert/strict';
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { compilePreload } from '../../support/preload.js';
import { RecordedImage } from './recorded-image.js';

const execute = promisify(execFile);
const PROCESS = fileURLToPath(new URL('record-process.js', import.meta.url));

/** How often something is done at a time: more than the processors, for the sake of the waits. */
const AT_A_TIME = 3;

/** Compiles what makes a process die at a chosen moment; returns the path of the library. */
export function compileFaults(folder: string): Promise<string> {
  return compilePreload('disk-faults', folder);
}

export type Task = 'work' | 'hold' | 'fail' | 'fail-again' | 'fail-read' | 'fail-shared';

/** Starts a process that mounts the image. `environment` says which faults it has. */
export function startProcess(
  image: RecordedImage,
  task: Task,
  seed: number,
  environment: Readonly<Record<string, string>> = {},
): ChildProcess {
  const words = [PROCESS, image.folder, String(image.origin.length), String(seed), task];
  return spawn(process.execPath, words, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, FAULT_FOLDER: image.folder, ...environment },
  });
}

/** What a process of its own with faults prints as JSON. */
export async function foundBy(image: RecordedImage, task: Task): Promise<unknown> {
  const folder = await mkdtemp(join(tmpdir(), 'faults-'));
  try {
    const child = startProcess(image, task, 1, { LD_PRELOAD: await compileFaults(folder) });
    let said = '';
    child.stdout?.on('data', (part: Buffer) => (said += part.toString()));
    assert.equal(await endOf(child), null);
    return JSON.parse(said);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The signal that ended a process, or null. */
export function endOf(child: ChildProcess): Promise<string | null> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (_, signal) => {
      resolve(signal);
    });
  });
}

/** Removes the mounts that a killed process has left in the image's folder. */
export async function removeDeadMounts(
  image: RecordedImage,
  pid: number | undefined,
): Promise<void> {
  for (const name of await readdir(image.folder)) {
    if (name.startsWith('mount-') && name.endsWith(`-${String(pid)}`)) {
      await execute('fusermount3', ['-u', '-z', join(image.folder, name)]).catch(() => undefined);
    }
  }
}

/** The same image with a copy of its files, without the live one: as after a start of the computer. */
export async function copyWithoutBoot(image: RecordedImage, from: string): Promise<RecordedImage> {
  const folder = join(image.folder, 'copy');
  await mkdir(folder);
  for (const name of ['data', 'record']) await copyFile(join(from, name), join(folder, name));
  return RecordedImage.in(folder, image.origin.length);
}

/** Does something with each, a few at a time. */
export async function forEachOf<Item>(
  items: readonly Item[],
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const left = [...items];
  const worker = async (): Promise<void> => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, worker));
}
