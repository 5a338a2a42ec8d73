import { randomBytes, seeded } from '../../support/random.js';
import type { Condition, Fault } from '../../support/fault-server/index.js';
import type { Scene } from './scene.js';
import { packageOf } from './sound-package.js';

const DISK_BYTES = 4 * 2 ** 20;
/** Far from all that is read to open a package. */
const DEEP = 2 * 2 ** 20;

/** Where the boot sector has what it wants of the BIOS: what to read, by interrupt 0x13. */
const WANTED = 0x20;
const SECTORS_AT_ONCE = 64;
/** Reads the disk from its beginning on. */
const BOOT_CODE = [
  ...[0x31, 0xc0], // xor ax, ax
  ...[0x8e, 0xd8], // mov ds, ax
  ...[0xbe, WANTED, 0x7c], // mov si, 0x7c00 + WANTED
  ...[0xb4, 0x42], // next: mov ah, 0x42
  ...[0xcd, 0x13], // int 0x13
  ...[0x83, 0x44, 0x08, SECTORS_AT_ONCE], // add word ptr [si + 8], SECTORS_AT_ONCE
  ...[0xeb, 0xf6], // jmp next
];

/**
 * Serves a package that can be opened and mounted, with a fault in the middle of its disk, which its
 * guest reads when it has booted.
 *
 * @param when what the fault befalls instead
 */
export function serveDeep(
  scene: Scene,
  fault: Fault,
  when: Condition = { contains: DEEP },
): Promise<string> {
  const disk = randomBytes(DISK_BYTES, seeded(1));
  disk.set(BOOT_CODE, 0);
  disk.writeUInt16LE(16, WANTED); // the length of this description
  disk.writeUInt16LE(SECTORS_AT_ONCE, WANTED + 2);
  disk.writeUInt32LE(0x7e00, WANTED + 4); // where to: 0000:7e00
  disk.writeBigUInt64LE(0n, WANTED + 8); // the first sector
  disk.writeUInt16LE(0xaa55, 510);
  return scene.serve(packageOf({ disk }), fault, when);
}
