import { crc32, inflateRawSync } from 'node:zlib';
import { PackageFault } from './zip-fault.js';

const STORED = 0;
const DEFLATED = 8;

/** How a small member is kept; what the directory says of it. */
export interface SmallMember {
  readonly name: string;
  readonly method: number;
  readonly plainBytes: number;
  readonly storedBytes: number;
  readonly crc32: number;
}

/**
 * Refuses a member that is read as a whole but claims too much, before anything of it is read.
 *
 * @throws PackageFault
 */
export function checkSmallMember(member: SmallMember, maxBytes: number): void {
  const { name, method, plainBytes, storedBytes } = member;
  if (plainBytes > maxBytes || storedBytes > maxBytes) {
    throw new PackageFault(`“${name}” is larger than ${maxBytes} bytes`);
  }
  if (method !== STORED && method !== DEFLATED) {
    throw new PackageFault(`“${name}” is compressed by method ${method}`);
  }
  if (method === STORED && plainBytes !== storedBytes) {
    throw new PackageFault(`“${name}” has two sizes`);
  }
}

/**
 * Unpacks a member that has passed {@link checkSmallMember} and compares its size and CRC-32.
 *
 * @throws PackageFault
 */
export function unpackSmallMember(member: SmallMember, stored: Buffer): Buffer {
  const plain = member.method === STORED ? stored : inflate(member, stored);
  if (plain.length !== member.plainBytes || crc32(plain) !== member.crc32) {
    throw new PackageFault(`“${member.name}” is damaged`);
  }
  return plain;
}

function inflate(member: SmallMember, stored: Buffer): Buffer {
  try {
    // One byte more than claimed, so that a member that unpacks to more is seen and not cut.
    return inflateRawSync(stored, { maxOutputLength: member.plainBytes + 1 });
  } catch (error) {
    throw new PackageFault(`“${member.name}” cannot be unpacked`, { cause: error });
  }
}
