import { PackageFault, readSize } from './zip-fault.js';

const ZIP64 = 0x0001;
const SATURATED = 0xffff_ffff;

/**
 * Finds the ZIP64 field among the extra fields of a header.
 *
 * @returns its data, or null
 * @throws PackageFault for fields that do not fit each other, or two of that kind
 */
export function findZip64Field(extra: Buffer): Buffer | null {
  let found: Buffer | null = null;
  let at = 0;
  while (at + 4 <= extra.length) {
    const data = at + 4;
    const end = data + extra.readUInt16LE(at + 2);
    if (end > extra.length) throw new PackageFault('an extra field is too long');
    if (extra.readUInt16LE(at) === ZIP64) {
      if (found !== null) throw new PackageFault('a member has two ZIP64 fields');
      found = extra.subarray(data, end);
    }
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
