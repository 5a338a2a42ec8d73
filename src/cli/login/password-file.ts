import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { fail, fileError } from '../../core/errors/index.js';

/** More than any web server takes in a header together with everything else, in bytes. */
const MAX_BYTES = 4096;

/**
 * Reads a password from an ordinary file of at most 4 KiB: its only line, without the line's end.
 *
 * @throws VmnetxError `host-…`; `usage-password-file` for what cannot be a password
 */
export async function readPasswordFile(path: string): Promise<string> {
  const refuse = (reason: string) => fail('usage-password-file', { path, reason });
  const bytes = await readUpTo(path, MAX_BYTES + 1);
  if (bytes.length > MAX_BYTES) throw refuse(`it is longer than ${MAX_BYTES} bytes`);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw refuse('it is not UTF-8 text');
  }
  const password = text.replace(/\r?\n$/, '');
  if (/[\r\n\0]/.test(password)) throw refuse('it has more than one line');
  return password;
}

async function readUpTo(path: string, length: number): Promise<Buffer> {
  try {
    // Whoever opens a pipe would otherwise wait for its writer.
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
    try {
      if (!(await file.stat()).isFile()) throw fail('host-not-a-file', { path });
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw fileError(path, error);
  }
}
