import { readdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fail, type VmnetxError } from '../../core/errors/index.js';
import { findPackage, mountPackage } from '../../core/session/index.js';
import { onEndingSignal } from '../signals.js';

/**
 * `vmnetx mount`: shows a package's images as files until it is interrupted, and then ends with 0.
 * What is written to them is discarded.
 */
export async function mount(location: string, folder: string): Promise<number> {
  const directory = resolve(folder);
  await requireEmptyFolder(directory);
  const abort = new AbortController();
  const interrupted = new Promise<void>((resolve) => {
    onEndingSignal(() => {
      abort.abort();
      resolve();
    });
  });
  let onLost: (error: VmnetxError) => void = () => undefined;
  const lost = new Promise<VmnetxError>((resolve) => {
    onLost = resolve;
  });
  try {
    const found = await findPackage(location, abort.signal);
    await found.source.close();
    const vmnetfs = await mountPackage(
      found,
      process.env,
      { directory, removeAfter: null },
      { onFetchFailed: complain, onLost },
      abort.signal,
    );
    process.stdout.write(`mounted ${directory}\n`);
    const problem = await Promise.race([interrupted, lost]);
    await vmnetfs.unmount();
    if (problem !== undefined)
      throw fail('host-mount-lost', { path: directory }, { cause: problem });
  } catch (error) {
    if (!abort.signal.aborted) throw error;
  }
  return 0;
}

/** A read failed; others may go on. */
function complain(error: VmnetxError): void {
  process.stderr.write(`vmnetx: ${error.message} (${error.code})\n`);
}

async function requireEmptyFolder(directory: string): Promise<void> {
  const names = await readdir(directory).catch(() => null);
  if (names?.length !== 0) throw fail('host-mount-directory', { path: directory });
}
