import { stat } from 'node:fs/promises';
import { fileError } from '../errors/index.js';

/** QEMU writes nothing to a disk once the memory is saved, but clocks of file servers may differ. */
const SLACK_MILLISECONDS = 10_000;

/**
 * Whether a disk was changed after memory was saved. If a guest did that, going on from the memory
 * damages what is on the disk.
 *
 * @throws VmnetxError `host-…`
 */
export async function isStale(memoryPath: string, diskPath: string): Promise<boolean> {
  return (await modified(diskPath)) > (await modified(memoryPath)) + SLACK_MILLISECONDS;
}

async function modified(path: string): Promise<number> {
  try {
    return (await stat(path)).mtimeMs;
  } catch (error) {
    throw fileError(path, error);
  }
}
