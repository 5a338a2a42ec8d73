import { fail, type VmnetxError } from '../errors/index.js';
import { checkExtensions } from './qcow2-extensions.js';

/** What is looked at from the beginning of an image, in bytes. Headers of today take about 600. */
export const QCOW2_HEAD_BYTES = 64 * 1024;

const MAGIC = 0x514649fb;
const VERSION_2_HEADER_BYTES = 72;
const VERSION_3_HEADER_BYTES = 104;
const SECTOR_BYTES = 512;
/** QEMU's own limits. */
const MIN_CLUSTER_BITS = 9;
const MAX_CLUSTER_BITS = 21;
const MAX_L1_BYTES = 32 * 2 ** 20;
const MAX_REFCOUNT_TABLE_BYTES = 8 * 2 ** 20;
const MAX_SNAPSHOTS = 65_536;
const MIN_SNAPSHOT_BYTES = 40;
const MAX_REFCOUNT_ORDER = 6;
/** Larger disks than any guest of ours needs; keeps all arithmetic exact. */
const MAX_VIRTUAL_BYTES = 64 * 2 ** 40;

/**
 * Incompatible features of version 3; those that QEMU 7.2 reads and we allow. A dirty image is sound:
 * only its reference counts have to be made anew, which QEMU does when it opens it. One marked as
 * corrupt QEMU opens for reading only.
 */
const DIRTY = 1n << 0n;
const CORRUPT = 1n << 1n;
const EXTERNAL_DATA_FILE = 1n << 2n;
const COMPRESSION_TYPE = 1n << 3n;
const EXTENDED_L2 = 1n << 4n;
const ALLOWED_FEATURES = DIRTY | COMPRESSION_TYPE | EXTENDED_L2;

/**
 * Reads the header of a qcow2 image (QEMU's docs/interop/qcow2.txt, versions 2 and 3) and refuses
 * whatever reaches beyond the image itself or would make QEMU allocate without bound.
 *
 * @param head the first {@link QCOW2_HEAD_BYTES} of the image, or all of a smaller one
 * @param storedBytes size of the image as stored
 * @throws VmnetxError `image-malformed`, `image-refused`
 */
export function parseQcow2(
  head: Buffer,
  storedBytes: number,
): { readonly format: 'qcow2'; readonly virtualBytes: number } {
  if (head.length < VERSION_2_HEADER_BYTES || head.readUInt32BE(0) !== MAGIC) {
    throw malformed('it is no qcow2 image');
  }
  const version = head.readUInt32BE(4);
  if (version !== 2 && version !== 3) throw refused(`qcow2 version ${version} is not known`);
  if (head.readBigUInt64BE(8) !== 0n || head.readUInt32BE(16) !== 0) {
    throw refused('it builds on another file (a backing file)');
  }
  if (head.readUInt32BE(32) !== 0) throw refused('it is encrypted');

  const clusterBits = head.readUInt32BE(20);
  if (clusterBits < MIN_CLUSTER_BITS || clusterBits > MAX_CLUSTER_BITS) {
    throw malformed(`clusters of 2^${clusterBits} bytes`);
  }
  const { features, headerBytes } = version === 3 ? readVersion3(head) : VERSION_2;
  const clusterBytes = 2 ** clusterBits;
  if (headerBytes > clusterBytes) throw malformed('its header is longer than a cluster');
  checkExtensions(head, headerBytes, Math.min(clusterBytes, storedBytes));

  const places = new TablePlaces(head, clusterBytes, storedBytes);
  const virtualBytes = readVirtualBytes(head);
  const extended = (features & EXTENDED_L2) !== 0n;
  if (extended && clusterBits < 14) throw malformed('its clusters are too small for subclusters');
  places.add('L1 table', 40, readL1Bytes(head, virtualBytes, clusterBytes, extended));

  const refcountBytes = head.readUInt32BE(56) * clusterBytes;
  if (refcountBytes === 0 || refcountBytes > MAX_REFCOUNT_TABLE_BYTES) {
    throw malformed('its reference count table has a wrong size');
  }
  places.add('reference count table', 48, refcountBytes);

  const snapshots = head.readUInt32BE(60);
  if (snapshots > MAX_SNAPSHOTS) throw malformed(`it claims ${snapshots} snapshots`);
  if (snapshots > 0) places.add('snapshot table', 64, snapshots * MIN_SNAPSHOT_BYTES);
  return { format: 'qcow2', virtualBytes };
}

/** The places of the tables that the header names: in the image, behind the header, apart. */
class TablePlaces {
  readonly #taken: { readonly name: string; readonly start: bigint; readonly end: bigint }[] = [];

  constructor(
    private readonly head: Buffer,
    private readonly clusterBytes: number,
    private readonly storedBytes: number,
  ) {}

  /** @param offsetAt where the header says where the table begins */
  add(name: string, offsetAt: number, bytes: number): void {
    const start = this.head.readBigUInt64BE(offsetAt);
    const end = start + BigInt(bytes);
    const aligned = start % BigInt(this.clusterBytes) === 0n;
    if (start < this.clusterBytes || !aligned || end > BigInt(this.storedBytes)) {
      throw malformed(`its ${name} lies outside of it`);
    }
    const other = this.#taken.find((taken) => start < taken.end && taken.start < end);
    if (other !== undefined) throw malformed(`its ${name} overlaps its ${other.name}`);
    this.#taken.push({ name, start, end });
  }
}

const VERSION_2 = { features: 0n, headerBytes: VERSION_2_HEADER_BYTES };

function readVersion3(head: Buffer): { features: bigint; headerBytes: number } {
  if (head.length < VERSION_3_HEADER_BYTES) throw malformed('its header is cut short');
  const features = head.readBigUInt64BE(72);
  if ((features & EXTERNAL_DATA_FILE) !== 0n) throw refused('its data lie in another file');
  if ((features & CORRUPT) !== 0n) throw refused('it is marked as damaged');
  const unknown = features & ~ALLOWED_FEATURES;
  if (unknown !== 0n) throw refused(`it needs unknown features (0x${unknown.toString(16)})`);

  if (head.readUInt32BE(96) > MAX_REFCOUNT_ORDER) throw malformed('its reference counts are wrong');
  const headerBytes = head.readUInt32BE(100);
  if (headerBytes < VERSION_3_HEADER_BYTES || headerBytes % 8 !== 0 || headerBytes > head.length) {
    throw malformed(`a header of ${headerBytes} bytes`);
  }
  const compression = headerBytes > VERSION_3_HEADER_BYTES ? head.readUInt8(104) : 0;
  if (compression > 1) throw refused(`its compression ${compression} is not known`);
  if ((compression !== 0) !== ((features & COMPRESSION_TYPE) !== 0n)) {
    throw malformed('it contradicts itself about its compression');
  }
  return { features, headerBytes };
}

function readVirtualBytes(head: Buffer): number {
  const size = head.readBigUInt64BE(24);
  if (size === 0n) throw malformed('a disk of no size');
  if (size > BigInt(MAX_VIRTUAL_BYTES)) throw refused(`a disk of ${size.toString()} bytes`);
  if (size % BigInt(SECTOR_BYTES) !== 0n) throw malformed('a disk that ends within a sector');
  return Number(size);
}

function readL1Bytes(
  head: Buffer,
  virtualBytes: number,
  clusterBytes: number,
  extended: boolean,
): number {
  const l2Entries = clusterBytes / (extended ? 16 : 8);
  const needed = Math.ceil(virtualBytes / (clusterBytes * l2Entries));
  const entries = head.readUInt32BE(36);
  if (entries < needed || entries * 8 > MAX_L1_BYTES) {
    throw malformed(`an L1 table of ${entries} entries for ${virtualBytes} bytes`);
  }
  return entries * 8;
}

function malformed(reason: string): VmnetxError {
  return fail('image-malformed', { reason });
}

function refused(reason: string): VmnetxError {
  return fail('image-refused', { reason });
}
