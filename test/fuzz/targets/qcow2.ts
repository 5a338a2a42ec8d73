import { parseQcow2 } from '../../../src/core/image/index.js';
import { qcow2 } from '../../hostile/support/qcow2-image.js';
import { bytesTarget } from '../bytes-target.js';

/** So much of an image is looked at here; the rest of its head is zeros. */
const HEAD_BYTES = 256;
const STORED_BYTES = 4 * 65_536;

/** The head of a qcow2 image. */
export const qcow2Header = bytesTarget({
  valid: [
    qcow2({}),
    qcow2({ version: 2 }),
    qcow2({ features: 1n, snapshots: 3 }),
    qcow2({ features: 1n << 3n, compression: 1 }),
    qcow2({ features: 1n << 4n }),
    qcow2({ extension: { type: 0x6803f857, data: 'names of features' } }),
    qcow2({ backingFile: '/etc/passwd' }),
  ].map((image) => image.subarray(0, HEAD_BYTES)),
  words: [
    Buffer.from('QFI\xfb', 'latin1'), Buffer.from('e2792aca', 'hex'), Buffer.from('44415441', 'hex'),
    Buffer.from('0537be77', 'hex'), Buffer.alloc(8), Buffer.alloc(8, 0xff),
  ], // prettier-ignore
  parse: (input) => {
    const { virtualBytes } = parseQcow2(input, STORED_BYTES);
    if (!Number.isSafeInteger(virtualBytes) || virtualBytes <= 0) throw new Error('no size');
  },
});
