/** Offsets of fields in a local header. */
export const LOCAL = {
  flags: 6,
  method: 8,
  crc32: 14,
  storedBytes: 18,
  plainBytes: 22,
  nameLength: 26,
  extraLength: 28,
} as const;

interface Places {
  /** Of the entry in the central directory. */
  readonly central: number;
  readonly local: number;
  readonly data: number;
  readonly extraBytes: number;
  readonly centralExtraBytes: number;
}

/** Finds the places in an archive that a test damages. Reads what others made, checks nothing. */
export class Archive {
  readonly endOffset: number;
  readonly directoryOffset: number;
  private readonly members = new Map<string, Places>();

  constructor(readonly bytes: Buffer) {
    this.endOffset = bytes.lastIndexOf('PK\u0005\u0006', undefined, 'latin1');
    this.directoryOffset = bytes.readUInt32LE(this.endOffset + 16);
    for (let at = this.directoryOffset; at < this.endOffset;) {
      const nameBytes = bytes.readUInt16LE(at + 28);
      const centralExtraBytes = bytes.readUInt16LE(at + 30);
      const local = bytes.readUInt32LE(at + 42);
      const extraBytes = bytes.readUInt16LE(local + LOCAL.extraLength);
      const data = local + 30 + bytes.readUInt16LE(local + LOCAL.nameLength) + extraBytes;
      const name = bytes.toString('utf8', at + 46, at + 46 + nameBytes);
      this.members.set(name, { central: at, local, data, extraBytes, centralExtraBytes });
      at += 46 + nameBytes + centralExtraBytes + bytes.readUInt16LE(at + 32);
    }
  }

  member(name: string): Places {
    const found = this.members.get(name);
    if (found === undefined) throw new Error(`There is no ${name}`);
    return found;
  }

  /** Gives a member another name of the same length, in both headers. */
  rename(name: string, to: string | Buffer): void {
    const { central, local } = this.member(name);
    Buffer.from(to).copy(this.bytes, central + 46);
    Buffer.from(to).copy(this.bytes, local + 30);
  }

  setCounts(count: number): void {
    this.bytes.writeUInt16LE(count, this.endOffset + 8);
    this.bytes.writeUInt16LE(count, this.endOffset + 10);
  }

  /** Claims another size of a stored member, in both headers. */
  setSizes(name: string, size: number): void {
    const { central, local } = this.member(name);
    this.bytes.writeUInt32LE(size, central + 20);
    this.bytes.writeUInt32LE(size, central + 24);
    this.bytes.writeUInt32LE(size, local + LOCAL.storedBytes);
    this.bytes.writeUInt32LE(size, local + LOCAL.plainBytes);
  }

  setFlags(name: string, flags: number): void {
    const { central, local } = this.member(name);
    this.bytes.writeUInt16LE(flags, central + 8);
    this.bytes.writeUInt16LE(flags, local + LOCAL.flags);
  }

  setMethod(name: string, method: number): void {
    const { central, local } = this.member(name);
    this.bytes.writeUInt16LE(method, central + 10);
    this.bytes.writeUInt16LE(method, local + LOCAL.method);
  }
}
