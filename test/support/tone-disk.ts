import { writeFile } from 'node:fs/promises';

/** The frequency of a PC's timer, in hertz. */
const TIMER_HERTZ = 1_193_182;
const DISK_BYTES = 1 << 20;
const SIGNATURE_OFFSET = 510;

/** Writes a disk from which a PC starts to play a tone by its speaker, without end. */
export async function writeToneDisk(path: string, hertz: number): Promise<void> {
  const divisor = Math.round(TIMER_HERTZ / hertz);
  const disk = Buffer.alloc(DISK_BYTES);
  Buffer.from([
    ...[0xb0, 0xb6, 0xe6, 0x43], // mov al, 0xb6; out 0x43, al: the timer's third counter, square waves
    ...[0xb8, divisor & 0xff, divisor >> 8], // mov ax, divisor
    ...[0xe6, 0x42, 0x88, 0xe0, 0xe6, 0x42], // out 0x42, al; mov al, ah; out 0x42, al
    ...[0xe4, 0x61, 0x0c, 0x03, 0xe6, 0x61], // in al, 0x61; or al, 3; out 0x61, al: to the speaker
    ...[0xf4, 0xeb, 0xfd], // again: hlt; jmp again
  ]).copy(disk);
  disk.writeUInt16LE(0xaa55, SIGNATURE_OFFSET);
  await writeFile(path, disk);
}
