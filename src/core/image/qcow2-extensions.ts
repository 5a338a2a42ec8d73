import { fail } from '../errors/index.js';

const END = 0;
/**
 * Those that lead out of the image, or for which QEMU allocates as much memory as they say (bitmaps:
 * a bit for each 512 bytes of the disk, 65,535 times), and why they are refused. All others may be
 * ignored.
 */
const REFUSED: ReadonlyMap<number, string> = new Map([
  [0xe2792aca, 'it builds on another file (a backing file’s format)'],
  [0x44415441, 'its data lie in another file'],
  [0x0537be77, 'it is encrypted'],
  [0x23852875, 'it carries bitmaps of changes, as for backups'],
]);

/**
 * Walks the header extensions: type and length as u32, then the data, padded to 8 bytes.
 *
 * @param start where they begin
 * @param end where they end at the latest (QEMU: with the first cluster)
 * @throws VmnetxError `image-malformed`, `image-refused`
 */
export function checkExtensions(head: Buffer, start: number, end: number): void {
  let offset = start;
  while (offset < end) {
    if (offset + 8 > Math.min(end, head.length)) {
      throw fail('image-malformed', { reason: 'its header extensions do not end' });
    }
    const type = head.readUInt32BE(offset);
    const length = head.readUInt32BE(offset + 4);
    if (type === END) return;
    const reason = REFUSED.get(type);
    if (reason !== undefined) throw fail('image-refused', { reason });
    offset += 8 + Math.ceil(length / 8) * 8;
    if (offset > end) {
      throw fail('image-malformed', { reason: 'a header extension is too long' });
    }
  }
}
