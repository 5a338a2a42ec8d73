import { fail } from '../errors/index.js';
import type { RangeSource } from '../range/index.js';
import type { ByteRange } from './flat-layout.js';
import { parseQcow2, QCOW2_HEAD_BYTES } from './qcow2.js';

/** A disk image that QEMU may open, in the format that it is told. */
export interface DiskImage {
  readonly format: 'qcow2' | 'raw';
  /** What the guest sees, in bytes. */
  readonly virtualBytes: number;
}

/**
 * Looks at an image before QEMU does. The format is what the domain says: a raw image is raw
 * whatever its first bytes pretend.
 *
 * @param place where the image lies in the source
 * @throws VmnetxError `image-malformed`, `image-refused`, or what the source throws
 */
export async function inspectDisk(
  source: RangeSource,
  place: ByteRange,
  format: DiskImage['format'],
  signal: AbortSignal,
): Promise<DiskImage> {
  if (place.length === 0) throw fail('image-malformed', { reason: 'it is empty' });
  if (format === 'raw') return { format, virtualBytes: place.length };
  const length = Math.min(place.length, QCOW2_HEAD_BYTES);
  const head = await source.read(place.offset, length, signal);
  return { format, virtualBytes: parseQcow2(head, place.length).virtualBytes };
}
