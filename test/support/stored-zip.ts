import { crc32 } from 'node:zlib';
import { directoryEntry, endRecords, localHeader } from '../../src/core/publish/zip-format.js';

/** What a package consists of; the name is ASCII. */
export interface ZipMember {
  readonly name: string;
  readonly data: Buffer | string;
}

/** A sound archive in memory, its members stored one behind the other. */
export function storedZip(members: readonly ZipMember[], comment = ''): Buffer {
  const parts: Buffer[] = [];
  const entries: Buffer[] = [];
  let offset = 0;
  for (const { name, data } of members) {
    const bytes = Buffer.from(data);
    const sizeBytes = bytes.length;
    const described = { name, sizeBytes, crc32: crc32(bytes), headerOffset: offset, alignment: 1 };
    const header = localHeader(described);
    entries.push(directoryEntry(described));
    parts.push(header, bytes);
    offset += header.length + sizeBytes;
  }
  const directory = Buffer.concat(entries);
  const end = endRecords({ offset, length: directory.length, entries: members.length }, comment);
  return Buffer.concat([...parts, directory, end]);
}
