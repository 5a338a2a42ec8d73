import type { FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { directoryEntry, endRecords, localHeader, type StoredMember } from './zip-format.js';

/**
 * Writes an archive of stored members from its beginning to its end. The CRC-32 is put into a
 * member's header after its data have been written, so that nothing is read twice.
 */
export class ArchiveWriter {
  private readonly members: StoredMember[] = [];
  private position = 0;

  /** @param file empty, open for writing; stays the caller's */
  constructor(private readonly file: FileHandle) {}

  /**
   * @param data exactly `sizeBytes` in pieces
   * @param alignment of the data, in bytes
   */
  async add(
    name: string,
    sizeBytes: number,
    data: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    alignment = 1,
  ): Promise<void> {
    const headerOffset = this.position;
    const member = { name, sizeBytes, headerOffset, alignment };
    await this.write(localHeader({ ...member, crc32: 0 }));
    const dataOffset = this.position;
    let checksum = 0;
    for await (const piece of data) {
      checksum = crc32(piece, checksum);
      await this.write(piece);
    }
    if (this.position - dataOffset !== sizeBytes) {
      throw new Error(`${name} has ${this.position - dataOffset} bytes instead of ${sizeBytes}`);
    }
    const finished = { ...member, crc32: checksum };
    await this.writeAt(localHeader(finished), headerOffset);
    this.members.push(finished);
  }

  /** Writes the central directory. Nothing can be added after it. */
  async finish(comment: string): Promise<void> {
    const offset = this.position;
    for (const member of this.members) await this.write(directoryEntry(member));
    const directory = { offset, length: this.position - offset, entries: this.members.length };
    await this.write(endRecords(directory, comment));
  }

  private async write(bytes: Uint8Array): Promise<void> {
    await this.writeAt(bytes, this.position);
    this.position += bytes.length;
  }

  private async writeAt(bytes: Uint8Array, position: number): Promise<void> {
    let done = 0;
    while (done < bytes.length) {
      const { bytesWritten } = await this.file.write(bytes, done, undefined, position + done);
      done += bytesWritten;
    }
  }
}
