import { memoryImage, SAVED_XML, suspendedPackages } from '../support/memory-image.js';
import type { Make } from '../support/scene.js';

const other = (from: string, to: string): Buffer =>
  memoryImage({ xml: SAVED_XML.replace(from, () => to) });

const make: Make = (scene) =>
  suspendedPackages(scene, {
    'more memory': other('65536', '1073741824'),
    'more processors': other('>1</vcpu>', '>64</vcpu>'),
    'another architecture': other('x86_64', 'i686'),
    'another disk': other("dev='hda' bus='ide'", "dev='sda' bus='scsi'"),
    'one more network': other('<audio', "<interface type='user'/><audio"),
    'one more port': other('<audio', "<serial type='null'/><audio"),
  });

export default make;
