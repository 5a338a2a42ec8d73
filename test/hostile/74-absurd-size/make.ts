import { qcow2, qcow2Package } from '../support/qcow2-image.js';
import type { Make } from '../support/scene.js';

const make: Make = (scene) =>
  qcow2Package(scene, {
    '8 EiB': qcow2({ virtualBytes: 1n << 63n }),
    '64 TiB and a sector': qcow2({ virtualBytes: (1n << 46n) + 512n }),
    '2^64 - 512': qcow2({ virtualBytes: (1n << 64n) - 512n }),
  });

export default make;
