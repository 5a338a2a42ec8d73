import assert from 'node:assert/strict';
import { MEMORY_HEAD_BYTES, parseMemoryHeader } from '../../../src/core/memory/index.js';
import {
  memoryImage,
  SAVED_XML,
  STATE,
  type MemoryParts,
} from '../../hostile/support/memory-image.js';

const AREA = 92;
/** Where the description ends in its area, without the NUL. */
const end = SAVED_XML.length;

function parse(image: Buffer, storedBytes = image.length) {
  return parseMemoryHeader(image.subarray(0, MEMORY_HEAD_BYTES), storedBytes);
}

describe('the header of saved memory', () => {
  it('tells what is stored, how, and where the state begins', () => {
    const image = memoryImage({ compression: 3, cookie: '<cookie/>' });
    const { xml, cookie, compression, stateOffset } = parse(image);
    assert.equal(compression, 'xz');
    assert.equal(String(xml), SAVED_XML);
    assert.equal(String(cookie), '<cookie/>');
    assert.ok(image.subarray(stateOffset).equals(STATE));
  });

  it('may be of 2012, with no cookie and up to a MiB of padding', () => {
    const image = memoryImage({ padding: Buffer.alloc(2 ** 20), state: Buffer.alloc(1) });
    const { cookie, stateOffset } = parse(image);
    assert.equal(cookie, null);
    assert.equal(stateOffset, image.length - 1);
  });

  it('may have all that it may have: 4 MiB, and a cookie of one character at their end', () => {
    const area = 2 ** 22;
    const parts = { areaBytes: area, padding: Buffer.alloc(area - end - 1) };
    assert.equal(parse(memoryImage(parts)).stateOffset, AREA + area);
    const padding = Buffer.concat([Buffer.alloc(50), Buffer.from('c\0')]);
    const { cookie } = parse(memoryImage({ padding, cookieOffset: end + 51 }));
    assert.equal(String(cookie), 'c');
  });

  it('may be of version 1, which knows neither compression nor cookie', () => {
    const { compression, cookie } = parse(
      memoryImage({ version: 1, compression: 77, cookieOffset: 2 ** 32 - 1 }),
    );
    assert.deepEqual([compression, cookie], ['none', null]);
  });

  const unfinished = 'LibvirtQemudPart';
  const refusals: readonly (readonly [string, string, RegExp, MemoryParts])[] = [
    ['another magic', 'memory-malformed', /nothing that libvirt saved/, { magic: 'LibvirtQemudSavf' }],
    ['the mark of a saving that failed', 'memory-malformed', /not saved completely/, { magic: unfinished }],
    ['version 0', 'memory-refused', /version 0/, { version: 0 }],
    ['version 4294967295', 'memory-refused', /version 4294967295/, { version: 2 ** 32 - 1 }],
    ['version 3', 'memory-refused', /version 3/, { version: 3 }],
    ['the order of bytes of other computers', 'memory-refused', /version 33554432/, { version: 2 << 24 }],
    ['compression 6', 'memory-refused', /compression 6/, { compression: 6 }],
    ['compression 255', 'memory-refused', /compression 255/, { compression: 255 }],
    ['compression 4294967295', 'memory-refused', /compression 4294967295/, { compression: 2 ** 32 - 1 }],
    ['a description of 4 GB', 'memory-malformed', /4294967295 bytes/, { areaBytes: 2 ** 32 - 1 }],
    ['a description of nothing', 'memory-malformed', /does not end/, { areaBytes: 0 }],
    ['a description of one byte', 'memory-malformed', /does not end/, { areaBytes: 1 }],
    ['a description of all that there is', 'memory-malformed', /bytes for the machine/, { areaBytes: end + 65 + STATE.length }],
    ['a description of more than 4 MiB', 'memory-malformed', /4194305 bytes/, { areaBytes: 2 ** 22 + 1, state: Buffer.alloc(2 ** 23) }],
    ['a description that does not end', 'memory-malformed', /description does not end/, { areaBytes: end }],
    ['an empty description', 'memory-malformed', /description is empty/, { xml: '' }],
    ['a description beyond what is looked at', 'memory-malformed', /description does not end/, { xml: ' '.repeat(MEMORY_HEAD_BYTES) }],
    ['a cookie in the description', 'memory-malformed', /cookie lies outside/, { cookieOffset: end }],
    ['a cookie that is the description', 'memory-malformed', /cookie lies outside/, { cookieOffset: 1 }],
    ['a cookie beyond the area', 'memory-malformed', /cookie lies outside/, { cookieOffset: end + 65 }],
    ['a cookie at 4 GB', 'memory-malformed', /cookie lies outside/, { cookieOffset: 2 ** 32 - 1 }],
    ['an empty cookie', 'memory-malformed', /cookie is empty/, { cookieOffset: end + 1 }],
    ['a cookie that does not end', 'memory-malformed', /cookie does not end/, { cookie: 'x', padding: Buffer.alloc(0) }],
    ['no state', 'memory-malformed', /bytes for the machine/, { state: Buffer.alloc(0) }],
  ]; // prettier-ignore
  for (const [what, code, message, parts] of refusals) {
    it(`is refused with ${what}`, () => {
      assert.throws(() => parse(memoryImage(parts)), { name: 'VmnetxError', code, status: 65, message }); // prettier-ignore
    });
  }

  it('is refused where it is cut short', () => {
    const image = memoryImage();
    for (const length of [0, 1, 15, 16, 91, AREA, AREA + 1, AREA + end]) {
      assert.throws(() => parse(image.subarray(0, length)), { code: 'memory-malformed' });
    }
  });
});
