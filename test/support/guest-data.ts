import { createCipheriv } from 'node:crypto';

/** As guest/demo/make has it. */
const key = Buffer.alloc(32, 0xab);
const BLOCK_BYTES = 16;

/**
 * A part of the demo guest's data partition (`/dev/data` in the guest), made without the image.
 *
 * @param offset bytes from the start of the partition, a multiple of 16.
 * @param length bytes.
 */
export function guestData(offset: number, length: number): Buffer {
  if (offset % BLOCK_BYTES !== 0) {
    throw new RangeError(`The offset must be a multiple of ${BLOCK_BYTES}: it is ${offset}.`);
  }
  const counter = Buffer.alloc(BLOCK_BYTES);
  counter.writeBigUInt64BE(BigInt(offset / BLOCK_BYTES), 8);
  return createCipheriv('aes-256-ctr', key, counter).update(Buffer.alloc(length));
}
