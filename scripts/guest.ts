import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/**
 * `demo` shows a test card and has a shell; `firmware` never leaves its boot sector; `hostile` does
 * one thing there without end.
 */
export type GuestKind = 'demo' | 'firmware' | 'hostile';

export interface GuestOptions {
  /** Incompressible data on the demo guest's second partition, MiB; 512 if left out. */
  readonly dataMebibytes?: number;
  /** The demo guest starts from a disk on any bus, not only on IDE: slower. */
  readonly anyBus?: boolean;
  /** Where guests are kept between runs; `$XDG_CACHE_HOME/vmnetx-build` if left out. */
  readonly cacheDirectory?: string;
}

export interface Guest {
  /** The folder with both; it belongs to the cache, nobody writes to it. */
  readonly directory: string;
  /** Path of the libvirt domain XML, which names the disk. */
  readonly domainXml: string;
  /** Path of the disk image: qcow2 for `demo`, else raw. */
  readonly disk: string;
}

const script = join(import.meta.dirname, '../../guest/build');

/** What is kept of the script's messages for an error, characters. */
const MESSAGE_LENGTH = 4000;

/**
 * Builds a guest, or finds the one that was built from the same inputs before.
 *
 * @throws Error with the script's own message if it fails; an AbortError if `signal` is aborted,
 * with nothing left behind.
 */
export async function buildGuest(
  kind: GuestKind,
  options: GuestOptions = {},
  signal?: AbortSignal,
): Promise<Guest> {
  signal?.throwIfAborted();
  const { dataMebibytes, anyBus = false, cacheDirectory } = options;
  const data = dataMebibytes === undefined ? [] : ['--data-mebibytes', String(dataMebibytes)];
  const bus = anyBus ? ['--any-bus'] : [];
  const place = cacheDirectory === undefined ? [] : [cacheDirectory];
  // A process group of its own: an abort ends the tools that the script runs as well.
  const build = spawn(script, [...data, ...bus, kind, ...place], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let messages = '';
  build.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  build.stderr.setEncoding('utf8').on('data', (text: string) => {
    messages = (messages + text).slice(-MESSAGE_LENGTH);
  });
  const abort = (): void => {
    if (build.pid !== undefined && build.exitCode === null) process.kill(-build.pid, 'SIGTERM');
  };
  signal?.addEventListener('abort', abort, { once: true });
  try {
    await once(build, 'close');
  } finally {
    signal?.removeEventListener('abort', abort);
  }
  signal?.throwIfAborted();
  if (build.exitCode !== 0) {
    throw new Error(`The ${kind} guest cannot be built: ${messages.trim() || 'no reason given'}`);
  }
  const directory = output.trim();
  return {
    directory,
    domainXml: join(directory, `${kind}.xml`),
    disk: join(directory, kind === 'demo' ? 'disk.qcow2' : 'disk.raw'),
  };
}
