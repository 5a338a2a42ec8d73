import { MEMORY_HEAD_BYTES, parseMemoryHeader } from '../../../src/core/memory/index.js';
import { memoryImage } from '../../hostile/support/memory-image.js';
import { bytesTarget } from '../bytes-target.js';

/** What follows the head: none of it is looked at. */
const REST_BYTES = 4 * 2 ** 20;
const XML = "<domain type='kvm'/>";

/** The header of saved memory. */
export const memoryHeader = bytesTarget({
  valid: [
    memoryImage({ xml: XML }),
    memoryImage({ xml: XML, compression: 3, cookie: '<cookie/>' }),
    memoryImage({ xml: XML, version: 1 }),
  ],
  words: ['LibvirtQemudPart', '\0', '\0\0\0\0', Buffer.alloc(2, 0xff)],
  parse: (input) => {
    const storedBytes = input.length + REST_BYTES;
    const { xml, cookie, stateOffset } = parseMemoryHeader(
      input.subarray(0, MEMORY_HEAD_BYTES),
      storedBytes,
    );
    const sound = xml.length > 0 && cookie?.length !== 0 && stateOffset < storedBytes;
    if (!sound || xml.includes(0)) throw new Error(`a header that is none: ${stateOffset}`);
  },
});
