import { parseStateHead } from '../../../src/core/memory/index.js';
import { stateOf } from '../../hostile/support/memory-image.js';
import { bytesTarget } from '../bytes-target.js';

/** The beginning of QEMU's state. */
export const stateHead = bytesTarget({
  valid: [stateOf('pc-i440fx-7.2'), Buffer.from('QEVM\0\0\0\u0003\u0001rest', 'latin1')],
  words: ['QEVM', 'pc-q35-8.0', '\u0007', '\0\0\0\u0040'],
  parse: (input) => {
    const { machineType } = parseStateHead(input);
    if (machineType !== null && !/^[\w.-]{1,64}$/.test(machineType)) {
      throw new Error(`a type that is none: ${machineType}`);
    }
  },
});
