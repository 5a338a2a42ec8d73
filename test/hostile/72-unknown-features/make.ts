import { qcow2, qcow2Package } from '../support/qcow2-image.js';
import type { Make } from '../support/scene.js';

const make: Make = (scene) =>
  qcow2Package(scene, {
    'an unknown feature': qcow2({ features: 1n << 5n }),
    'the last feature': qcow2({ features: 1n << 63n }),
    damaged: qcow2({ features: 1n << 1n }),
    encrypted: qcow2({ encryption: 1 }),
    'encrypted by LUKS': qcow2({ encryption: 2 }),
    'a header of encryption': qcow2({ extension: { type: 0x0537be77, data: 'x'.repeat(16) } }),
    'version 1': qcow2({ version: 1 }),
    'version 4': qcow2({ version: 4 }),
    'an unknown compression': qcow2({ features: 1n << 3n, compression: 2 }),
  });

export default make;
