import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { fail, messageOf, VmnetxError, fileError } from '../errors/index.js';
import type { ByteReceiver } from '../range/index.js';
import { FULL_REACH, newAccess, type Access } from './access.js';
import { HEAD_BYTES, type OpenedSource, type Validators } from './opened-source.js';

/** How much is read at a time, in bytes. */
const PIECE_BYTES = 1024 * 1024;

/**
 * Opens a local file for reading by range.
 *
 * @param access kept for a package on a web server that the file may name
 * @throws VmnetxError `reference-missing`, `host-permission`, `host-not-a-file`,
 *   `host-input-output`
 */
export async function openFile(
  path: string,
  access: Access | null,
  signal: AbortSignal,
): Promise<OpenedSource> {
  signal.throwIfAborted();
  let handle: FileHandle | null = null;
  try {
    // Without O_NONBLOCK the opening of a FIFO waits until somebody writes into it.
    handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
    const version = await versionOf(handle);
    if (version === null) throw fail('host-not-a-file', { path });
    const head = await readFully(handle, 0, Math.min(HEAD_BYTES, version.size));
    if (head === null) throw fail('package-changed', { location: path });
    return new FileSource(path, handle, version, head, access ?? newAccess(FULL_REACH));
  } catch (error) {
    await handle?.close();
    throw sourceError(path, error);
  }
}

/** What changes when somebody writes to a file. */
interface Version {
  readonly size: number;
  readonly modified: bigint;
}

class FileSource implements OpenedSource {
  readonly label: string;
  readonly size: number;
  readonly ranged = true;
  readonly validators: Validators = { etag: null, lastModified: null };
  private closing: Promise<void> | null = null;

  constructor(
    private readonly path: string,
    private readonly handle: FileHandle,
    private readonly version: Version,
    readonly head: Buffer,
    private readonly gathered: Access,
  ) {
    this.label = path;
    this.size = version.size;
  }

  async read(offset: number, length: number, signal: AbortSignal): Promise<Buffer> {
    signal.throwIfAborted();
    if (offset + length <= this.head.length) return this.head.subarray(offset, offset + length);
    try {
      const bytes = await readFully(this.handle, offset, length);
      const now = await versionOf(this.handle);
      const same = now?.size === this.version.size && now.modified === this.version.modified;
      if (bytes === null || !same) throw fail('package-changed', { location: this.path });
      return bytes;
    } catch (error) {
      throw sourceError(this.path, error);
    }
  }

  async stream(
    offset: number,
    length: number,
    onBytes: ByteReceiver,
    signal: AbortSignal,
  ): Promise<void> {
    for (let done = 0; done < length; done += PIECE_BYTES) {
      const piece = Math.min(PIECE_BYTES, length - done);
      const bytes = await this.read(offset + done, piece, signal);
      // Of the head a copy: what is handed over belongs to the receiver.
      await onBytes(bytes.buffer === this.head.buffer ? Buffer.from(bytes) : bytes);
    }
  }

  access(): Access {
    return this.gathered;
  }

  onwardAccess(): Access {
    return this.gathered;
  }

  close(): Promise<void> {
    this.closing ??= this.handle.close();
    return this.closing;
  }
}

/** Null for what is not an ordinary file. */
async function versionOf(handle: FileHandle): Promise<Version | null> {
  const status = await handle.stat({ bigint: true });
  return status.isFile() ? { size: Number(status.size), modified: status.mtimeNs } : null;
}

/** Null if the file ends before. */
async function readFully(
  handle: FileHandle,
  offset: number,
  length: number,
): Promise<Buffer | null> {
  const buffer = Buffer.allocUnsafe(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await handle.read(buffer, done, length - done, offset + done);
    if (bytesRead === 0) return null;
    done += bytesRead;
  }
  return buffer;
}

/** A location that is not there is told otherwise than a file of the program's own. */
function sourceError(path: string, error: unknown): unknown {
  const known = fileError(path, error);
  return known instanceof VmnetxError && known.code === 'host-file-missing'
    ? fail('reference-missing', { path }, { cause: error, detail: messageOf(error) })
    : known;
}
