import { PackageFault, readSize } from './zip-fault.js';

const ZIP64 = 0x0001;
/** Info-ZIP's second name of a member, which some tools prefer (APPNOTE 4.6.9). */
const UNICODE_PATH = 0x7075;
/** Version and CRC-32 of the first name. */
const UNICODE_PATH_HEAD_BYTES = 5;
const SATURATED = 0xffff_ffff;

/**
 * Finds the ZIP64 field among the extra fields of a header.
 *
 * @returns its data, or null
 * @throws PackageFault for fields that do not fit each other, or two of that kind
 */
export function findZip64Field(extra: Buffer): Buffer | null {
  const [found = null, second] = fieldsOf(extra, ZIP64);
  if (second !== undefined) throw new PackageFault('a member has two ZIP64 fields');
  return found;
}

/**
 * A member has one name: what a second one says must be the same.
 *
 * @throws PackageFault
 */
export function checkSecondName(extra: Buffer, name: Buffer): void {
  for (const field of fieldsOf(extra, UNICODE_PATH)) {
    if (!field.subarray(UNICODE_PATH_HEAD_BYTES).equals(name)) {
      throw new PackageFault('a member has two names');
    }
  }
}

function fieldsOf(extra: Buffer, kind: number): readonly Buffer[] {
  const found: Buffer[] = [];
  let at = 0;
  while (at + 4 <= extra.length) {
    const data = at + 4;
    const end = data + extra.readUInt16LE(at + 2);
    if (end > extra.length) throw new PackageFault('an extra field is too long');
    if (extra.readUInt16LE(at) === kind) found.push(extra.subarray(data, end));
    at = end;
  }
  // Some tools align data by up to three zero bytes, which are no field.
  if (extra.subarray(at).some((byte) => byte !== 0)) {
    throw new PackageFault('an extra field is cut short');
  }
  return found;
}

/**
 * Puts 64-bit values in the place of 32-bit ones that are full, in their fixed order.
 *
 * @throws PackageFault where a value is missing
 */
export function widen(values: readonly number[], extra: Buffer): readonly number[] {
  const field = findZip64Field(extra);
  let at = 0;
  return values.map((value) => {
    if (value !== SATURATED) return value;
    if (field === null || at + 8 > field.length) {
      throw new PackageFault('a ZIP64 field is missing or too short');
    }
    at += 8;
    return readSize(field, at - 8);
  });
}
