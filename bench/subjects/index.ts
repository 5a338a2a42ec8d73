import { nbdkit } from './nbdkit.js';
import { qemu } from './qemu.js';
import { raw } from './raw.js';
import { rclone } from './rclone.js';
import { vmnetx } from './vmnetx.js';
import type { Subject } from './subject.js';

export const subjects: readonly Subject[] = [
  vmnetx,
  raw,
  nbdkit('cow'),
  nbdkit('cache'),
  qemu,
  rclone,
];
export { mountPackage } from './vmnetx.js';
export {
  IMAGE_NAME,
  PACKAGE_NAME,
  PURPOSES,
  type Place,
  type Purpose,
  type Session,
  type Subject,
} from './subject.js';
