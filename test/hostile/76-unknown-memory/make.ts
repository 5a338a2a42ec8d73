import { memoryImage, suspendedPackages } from '../support/memory-image.js';
import type { Make } from '../support/scene.js';

const make: Make = (scene) =>
  suspendedPackages(scene, {
    'version 0': memoryImage({ version: 0 }),
    'version -1': memoryImage({ version: 0xffff_ffff }),
    'version 3': memoryImage({ version: 3 }),
    'version 2 of another order of bytes': memoryImage({ version: 2 << 24 }),
    'compression 6': memoryImage({ compression: 6 }),
    'compression 255': memoryImage({ compression: 255 }),
    'compression -1': memoryImage({ compression: 0xffff_ffff }),
  });

export default make;
