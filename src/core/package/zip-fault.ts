/** What is wrong with an archive or its manifest: a fragment for the sentence of an error. */
export class PackageFault extends Error {
  override readonly name = 'PackageFault';
}

/**
 * A 64-bit number as it stands in a record.
 *
 * @throws PackageFault for one that no real package can hold (2^53 and more)
 */
export function readSize(record: Buffer, at: number): number {
  const value = record.readBigUInt64LE(at);
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new PackageFault('it claims an absurd size');
  return Number(value);
}
