import { constants } from 'node:fs';
import { lstat, open, readdir, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { messageOf } from '../errors/index.js';
import type { Log } from '../log/index.js';
import type { Connection } from '../libvirt/index.js';
import { cacheDirectory, type Environment } from '../places/index.js';

/** Of what QEMU said: the beginning, with the versions and the command line, … */
const HEAD_BYTES = 16 * 1024;
/** … and the end, where it says why it ended. A guest can have it say more than anybody reads. */
const TAIL_BYTES = 32 * 1024;
/** A log to which nobody has written for so long is of no machine that runs, whoever's daemon runs it. */
const MOVED_MILLISECONDS = 24 * 3_600_000;

/**
 * Moves what QEMU and libvirt said of a domain, once that is gone, from libvirt's folder of logs to the
 * session's log; libvirt would keep it for ever.
 */
export async function takeQemuLog(
  domain: string,
  environment: Environment,
  log: Log,
): Promise<void> {
  const folder = qemuLogDirectory(environment);
  const own = log.of('qemu');
  try {
    for (const line of await readEnds(join(folder, `${domain}.log`))) own.info(line);
    // libvirt's log daemon puts away what is too long as NAME.log.0, ….
    for (const name of await readdir(folder)) {
      if (name.startsWith(`${domain}.log`)) await unlink(join(folder, name));
    }
  } catch (error) {
    // Without it QEMU was not started, or by a libvirt that keeps its logs elsewhere.
    own.debug('There is no log', { reason: messageOf(error) });
  }
}

/**
 * Removes the logs of our domains that nobody moved, because their sessions were killed. A session that
 * ended a moment ago may still be about to.
 */
export async function removeOldQemuLogs(
  connection: Pick<Connection, 'listDomains'>,
  environment: Environment,
): Promise<void> {
  try {
    const folder = qemuLogDirectory(environment);
    const names = await readdir(folder);
    const live = (await connection.listDomains({ prefix: 'vmnetx-' })).map(({ name }) => name);
    for (const name of names) {
      const [domain] = /^vmnetx-[0-9a-f]{8}(?=\.log(\.\d+)?$)/.exec(name) ?? [];
      if (domain === undefined || live.includes(domain)) continue;
      const { mtimeMs } = await lstat(join(folder, name));
      if (Date.now() - mtimeMs > MOVED_MILLISECONDS) await unlink(join(folder, name));
    }
  } catch {
    // There are none, or somebody else has removed them.
  }
}

/** Where libvirt's session daemon keeps its logs of machines: beside our own cache. */
export function qemuLogDirectory(environment: Environment): string {
  return join(dirname(cacheDirectory(environment)), 'libvirt', 'qemu', 'log');
}

/** The lines of a text file, without those in the middle where it is long. */
async function readEnds(path: string): Promise<readonly string[]> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const { size } = await file.stat();
    const part = async (begin: number, end: number): Promise<readonly string[]> => {
      const buffer = Buffer.alloc(end - begin);
      const { bytesRead } = await file.read(buffer, 0, buffer.length, begin);
      const lines = buffer.toString('utf8', 0, bytesRead).split('\n');
      return lines.filter((line) => line !== '');
    };
    if (size <= HEAD_BYTES + TAIL_BYTES) return await part(0, size);
    const head = await part(0, HEAD_BYTES);
    const tail = await part(size - TAIL_BYTES, size);
    return [...head, `… (${size - HEAD_BYTES - TAIL_BYTES} bytes) …`, ...tail];
  } finally {
    await file.close();
  }
}
