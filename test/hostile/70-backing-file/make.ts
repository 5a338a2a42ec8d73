import { qcow2, qcow2Package } from '../support/qcow2-image.js';
import type { Make } from '../support/scene.js';

const make: Make = (scene) =>
  qcow2Package(scene, {
    absolute: qcow2({ backingFile: '/etc/passwd' }),
    relative: qcow2({ backingFile: '../../../etc/passwd' }),
    'in JSON': qcow2({ backingFile: 'json:{"driver":"file","filename":"/etc/passwd"}' }),
    'a server': qcow2({ backingFile: 'nbd://evil.example:10809/x' }),
    'a device': qcow2({ backingFile: '/dev/sda' }),
    'of version 2': qcow2({ backingFile: '/etc/passwd', version: 2 }),
    'of no length': qcow2({ backingOffset: 512n }),
    'of no place': qcow2({ backingBytes: 11 }),
    'only its format': qcow2({ extension: { type: 0xe2792aca, data: 'raw' } }),
  });

export default make;
