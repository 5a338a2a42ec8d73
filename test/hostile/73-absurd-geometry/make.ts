import { qcow2, qcow2Package } from '../support/qcow2-image.js';
import type { Make } from '../support/scene.js';

const make: Make = (scene) =>
  qcow2Package(scene, {
    'clusters of a byte': qcow2({ clusterBits: 0 }),
    'clusters of 2^63 bytes': qcow2({ clusterBits: 63 }),
    'clusters of 2^32 - 1': qcow2({ clusterBits: 0xffff_ffff }),
    'an L1 table without end': qcow2({ l1Entries: 0xffff_ffff }),
    'an L1 table that is too short': qcow2({ l1Entries: 0 }),
    'an L1 table outside': qcow2({ l1Offset: 1n << 40n }),
    'an L1 table before the image': qcow2({ l1Offset: (1n << 64n) - 65_536n }),
    'an L1 table in the header': qcow2({ l1Offset: 0n }),
    'an L1 table between clusters': qcow2({ l1Offset: 65_537n }),
    'a reference count table without end': qcow2({ refcountClusters: 0xffff_ffff }),
    'no reference count table': qcow2({ refcountClusters: 0 }),
    'snapshots without end': qcow2({ snapshots: 0xffff_ffff }),
    'a header without end': qcow2({ headerBytes: 0xffff_fff8 }),
    'a header of no length': qcow2({ headerBytes: 0 }),
    'an extension without end': qcow2({ extension: { type: 1, data: '', length: 0xffff_ffff } }),
    'a disk of no size': qcow2({ virtualBytes: 0n }),
    'a disk that ends in a sector': qcow2({ virtualBytes: 513n }),
    'compression that it denies': qcow2({ compression: 1 }),
    'reference counts of 2^32 bits': qcow2({ refcountOrder: 32 }),
    'a raw image': Buffer.alloc(65_536, 'raw'),
    'a VMDK image': Buffer.concat([Buffer.from('KDMV'), Buffer.alloc(65_536)]),
    'cut short': qcow2({}).subarray(0, 50),
    'cut in its header': qcow2({}).subarray(0, 90),
    'its head only': qcow2({}).subarray(0, 65_536),
    'of no length': Buffer.alloc(0),
  });

export default make;
