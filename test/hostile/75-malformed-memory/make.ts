import { memoryImage, SAVED_XML, suspendedPackages } from '../support/memory-image.js';
import type { Make } from '../support/scene.js';

const sound = memoryImage();

const make: Make = (scene) =>
  suspendedPackages(scene, {
    nothing: Buffer.alloc(0),
    noise: Buffer.alloc(1000, 'noise'),
    'another magic': memoryImage({ magic: 'LibvirtQemudSavf' }),
    'a saving that failed': memoryImage({ magic: 'LibvirtQemudPart' }),
    'half a header': sound.subarray(0, 50),
    'half a description': sound.subarray(0, 500),
    'no state': memoryImage({ state: Buffer.alloc(0) }),
    'a description of 4 GB': memoryImage({ areaBytes: 0xffff_ffff }),
    'a description of one byte': memoryImage({ areaBytes: 1 }),
    'a description of nothing': memoryImage({ areaBytes: 0 }),
    'a description beyond the end': memoryImage({ areaBytes: sound.length }),
    'a description of 8 MiB': memoryImage({
      xml: ' '.repeat(2 ** 23),
      state: Buffer.alloc(100),
    }),
    'no end of the description': memoryImage({ areaBytes: SAVED_XML.length }),
    'a cookie beyond the area': memoryImage({ cookieOffset: 0x7fff_ffff }),
    'a cookie at 4 GB': memoryImage({ cookieOffset: 0xffff_ffff }),
    'a cookie in the description': memoryImage({ cookieOffset: 10 }),
  });

export default make;
