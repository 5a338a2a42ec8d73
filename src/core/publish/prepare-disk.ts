import { spawn } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fail, fileError } from '../errors/index.js';

export interface DiskToPrepare {
  /** The publisher's own image; whatever it builds on is copied with it. */
  readonly path: string;
  readonly format: 'qcow2' | 'raw';
  /** Whether clusters are compressed: smaller to fetch, a little work to read. */
  readonly compress: boolean;
  /** Where the new image goes; the caller's, also if this fails half way. */
  readonly outPath: string;
  readonly signal: AbortSignal;
  /** From 0 to 1. */
  readonly onProgress?: (fraction: number) => void;
}

/** As much of qemu-img's complaints as is kept, in characters. */
const MAX_COMPLAINT = 2000;

/**
 * Makes a qcow2 image that stands on its own, by `qemu-img convert`.
 *
 * @throws VmnetxError `host-file-missing`, `host-permission`, `host-program-missing`,
 *   `host-no-space`, `image-unreadable` with what qemu-img said
 */
export async function prepareDisk(disk: DiskToPrepare): Promise<void> {
  const { signal, compress, format } = disk;
  signal.throwIfAborted();
  try {
    await access(disk.path, constants.R_OK);
  } catch (error) {
    throw fileError(disk.path, error);
  }
  // Absolute paths, for qemu-img would read "nbd:x" or "json:x" as something else than a file.
  const from = resolve(disk.path);
  const to = resolve(disk.outPath);
  const kind = compress ? ['-c'] : [];
  const complaint = await run(
    ['convert', '-p', ...kind, '-f', format, '-O', 'qcow2', from, to],
    disk,
  );
  if (complaint === null) return;
  const context = { detail: complaint };
  throw complaint.includes('No space left on device')
    ? fail('host-no-space', { path: to }, context)
    : fail('image-unreadable', { path: disk.path }, context);
}

/** Runs qemu-img to its end. Null if all went well, else what it said. */
async function run(
  options: readonly string[],
  { signal, onProgress }: DiskToPrepare,
): Promise<string | null> {
  const child = spawn('qemu-img', options, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, LC_ALL: 'C' },
  });
  const stop = (): void => {
    child.kill('SIGKILL');
  };
  signal.addEventListener('abort', stop, { once: true });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(0, MAX_COMPLAINT);
  });
  child.stdout.setEncoding('latin1').on('data', (text: string) => {
    const percent = text.match(/\d+\.\d+(?=\/100%)/g)?.at(-1);
    if (percent !== undefined) onProgress?.(Number(percent) / 100);
  });
  try {
    const status = await new Promise<number | null>((done, failed) => {
      child.on('error', failed).on('close', done);
    });
    signal.throwIfAborted();
    return status === 0 ? null : `${complaint.trim()} (status ${status ?? 'unknown'})`;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      const cause = { cause: error };
      throw fail('host-program-missing', { program: 'qemu-img', package: 'qemu-utils' }, cause);
    }
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
