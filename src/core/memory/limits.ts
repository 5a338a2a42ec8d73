const MIB = 1024 ** 2;

/**
 * What is looked at from the beginning of saved memory, in bytes: libvirt's header, its description of
 * the machine and its cookie, which take about 10 KiB.
 */
export const MEMORY_HEAD_BYTES = 128 * 1024;

/** The area of the description with what libvirt fills it up with: never more than a MiB. */
export const MAX_AREA_BYTES = 4 * MIB;

/** Memory that a program may take to decompress: “xz -9” and “zstd --ultra” ask for 64 to 128 MiB. */
export const MAX_TOOL_BYTES = 192 * MIB;
/** The part of it that may be the dictionary or window of the compression. */
export const MAX_WINDOW_BYTES = 128 * MIB;
/**
 * Threads of “xz” since 5.4, where what is stored has several blocks and they fit into that. Each has a
 * stack of 8 MiB besides, for which there must be room, too.
 */
export const XZ_THREADS = 4;

/**
 * What the guest's devices add to its memory: twice the most video memory that a machine may have
 * (qxl has two), firmware, and what is kept of each device.
 */
const DEVICES_BYTES = 640 * MIB;
/** QEMU writes 8 bytes before each page of 4096. */
const PAGES_PER_HEADER_PAGE = 512;

/** The most bytes that the decompressed state of a machine with so much memory can have. */
export function maxStateBytes(memoryBytes: number): number {
  return memoryBytes + Math.ceil(memoryBytes / PAGES_PER_HEADER_PAGE) + DEVICES_BYTES;
}

/** By so much of it, compressing may make longer what cannot be compressed. */
const EXPANSION = 1 / 32;

/** The most bytes that the state can have as it is stored. */
export function maxStoredBytes(memoryBytes: number): number {
  return Math.ceil(maxStateBytes(memoryBytes) * (1 + EXPANSION));
}
