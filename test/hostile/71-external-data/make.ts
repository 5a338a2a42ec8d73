import { qcow2, qcow2Package } from '../support/qcow2-image.js';
import type { Make } from '../support/scene.js';

const make: Make = (scene) =>
  qcow2Package(scene, {
    'by its feature': qcow2({ features: 1n << 2n }),
    'by its name': qcow2({ extension: { type: 0x44415441, data: '/etc/passwd' } }),
    both: qcow2({ features: 1n << 2n, extension: { type: 0x44415441, data: '/dev/sda' } }),
  });

export default make;
