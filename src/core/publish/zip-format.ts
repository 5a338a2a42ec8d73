/** A member that is stored as it is. */
export interface StoredMember {
  /** ASCII. */
  readonly name: string;
  readonly sizeBytes: number;
  readonly crc32: number;
  /** Of its local header, from the beginning of the archive, in bytes. */
  readonly headerOffset: number;
  /** Its data begin at a multiple of so many bytes; 1 for anywhere. */
  readonly alignment: number;
}

const LOCAL_SIGNATURE = 0x04034b50;
const ENTRY_SIGNATURE = 0x02014b50;
const END_SIGNATURE = 0x06054b50;
const END64_SIGNATURE = 0x06064b50;
const LOCATOR_SIGNATURE = 0x07064b50;

/** From this value on, a 32-bit field says "see the ZIP64 field" (APPNOTE 4.4.1.4). */
const SATURATED = 0xffff_ffff;
const SATURATED_COUNT = 0xffff;
const VERSION = 20;
const VERSION_ZIP64 = 45;
const MADE_BY_UNIX = 3 << 8;
const REGULAR_FILE_0644 = 0o100644 * 2 ** 16;
/** 1980-01-01, 00:00: the same content gives the same archive. */
const DOS_DATE = 0x0021;
const ZIP64_FIELD = 0x0001;
/** The extra field of Android's zipalign: alignment (u16), then zeros. */
const ALIGNMENT_FIELD = 0xd935;
const ALIGNMENT_FIELD_MIN_BYTES = 6;

/** The header before a member's data. Its length does not depend on the CRC-32. */
export function localHeader(member: StoredMember): Buffer {
  const zip64 = member.sizeBytes >= SATURATED;
  const size = Math.min(member.sizeBytes, SATURATED);
  const name = Buffer.from(member.name, 'latin1');
  const fields = zip64 ? zip64Field([member.sizeBytes, member.sizeBytes]) : Buffer.alloc(0);
  const dataOffset = member.headerOffset + 30 + name.length + fields.length;
  const extra = Buffer.concat([fields, alignmentField(dataOffset, member.alignment)]);
  const header = Buffer.alloc(30);
  header.writeUInt32LE(LOCAL_SIGNATURE, 0);
  header.writeUInt16LE(zip64 ? VERSION_ZIP64 : VERSION, 4);
  header.writeUInt16LE(DOS_DATE, 12);
  header.writeUInt32LE(member.crc32, 14);
  header.writeUInt32LE(size, 18);
  header.writeUInt32LE(size, 22);
  header.writeUInt16LE(name.length, 26);
  header.writeUInt16LE(extra.length, 28);
  return Buffer.concat([header, name, extra]);
}

/** A member's entry in the central directory. */
export function directoryEntry(member: StoredMember): Buffer {
  const { sizeBytes, headerOffset } = member;
  const sizes = sizeBytes >= SATURATED ? [sizeBytes, sizeBytes] : [];
  const wide = headerOffset >= SATURATED ? [...sizes, headerOffset] : sizes;
  const name = Buffer.from(member.name, 'latin1');
  const extra = wide.length > 0 ? zip64Field(wide) : Buffer.alloc(0);
  const version = wide.length > 0 ? VERSION_ZIP64 : VERSION;
  const entry = Buffer.alloc(46);
  entry.writeUInt32LE(ENTRY_SIGNATURE, 0);
  entry.writeUInt16LE(MADE_BY_UNIX | version, 4);
  entry.writeUInt16LE(version, 6);
  entry.writeUInt16LE(DOS_DATE, 14);
  entry.writeUInt32LE(member.crc32, 16);
  entry.writeUInt32LE(Math.min(sizeBytes, SATURATED), 20);
  entry.writeUInt32LE(Math.min(sizeBytes, SATURATED), 24);
  entry.writeUInt16LE(name.length, 28);
  entry.writeUInt16LE(extra.length, 30);
  entry.writeUInt32LE(REGULAR_FILE_0644, 38);
  entry.writeUInt32LE(Math.min(headerOffset, SATURATED), 42);
  return Buffer.concat([entry, name, extra]);
}

/**
 * What follows the central directory: the end record, before it those of ZIP64 where a number
 * needs it, and the comment.
 *
 * @param directory where the central directory lies, in bytes, and how many entries it has
 */
export function endRecords(
  directory: { readonly offset: number; readonly length: number; readonly entries: number },
  comment: string,
): Buffer {
  const { offset, length, entries } = directory;
  const wide = offset >= SATURATED || length >= SATURATED || entries >= SATURATED_COUNT;
  const text = Buffer.from(comment, 'latin1');
  const end = Buffer.alloc(22);
  end.writeUInt32LE(END_SIGNATURE, 0);
  end.writeUInt16LE(Math.min(entries, SATURATED_COUNT), 8);
  end.writeUInt16LE(Math.min(entries, SATURATED_COUNT), 10);
  end.writeUInt32LE(Math.min(length, SATURATED), 12);
  end.writeUInt32LE(Math.min(offset, SATURATED), 16);
  end.writeUInt16LE(text.length, 20);
  return Buffer.concat([...(wide ? [endRecord64(offset, length, entries)] : []), end, text]);
}

function endRecord64(offset: number, length: number, entries: number): Buffer {
  const record = Buffer.alloc(56 + 20);
  record.writeUInt32LE(END64_SIGNATURE, 0);
  record.writeBigUInt64LE(56n - 12n, 4);
  record.writeUInt16LE(MADE_BY_UNIX | VERSION_ZIP64, 12);
  record.writeUInt16LE(VERSION_ZIP64, 14);
  record.writeBigUInt64LE(BigInt(entries), 24);
  record.writeBigUInt64LE(BigInt(entries), 32);
  record.writeBigUInt64LE(BigInt(length), 40);
  record.writeBigUInt64LE(BigInt(offset), 48);
  record.writeUInt32LE(LOCATOR_SIGNATURE, 56);
  record.writeBigUInt64LE(BigInt(offset + length), 64);
  record.writeUInt32LE(1, 72);
  return record;
}

function zip64Field(values: readonly number[]): Buffer {
  const field = Buffer.alloc(4 + 8 * values.length);
  field.writeUInt16LE(ZIP64_FIELD, 0);
  field.writeUInt16LE(8 * values.length, 2);
  for (const [index, value] of values.entries()) {
    field.writeBigUInt64LE(BigInt(value), 4 + 8 * index);
  }
  return field;
}

/** An extra field that moves the data from `dataOffset` to a multiple of `alignment`. */
function alignmentField(dataOffset: number, alignment: number): Buffer {
  const missing = (alignment - (dataOffset % alignment)) % alignment;
  if (missing === 0) return Buffer.alloc(0);
  const length =
    missing >= ALIGNMENT_FIELD_MIN_BYTES
      ? missing
      : missing + alignment * Math.ceil((ALIGNMENT_FIELD_MIN_BYTES - missing) / alignment);
  const field = Buffer.alloc(length);
  field.writeUInt16LE(ALIGNMENT_FIELD, 0);
  field.writeUInt16LE(length - 4, 2);
  field.writeUInt16LE(alignment, 4);
  return field;
}
