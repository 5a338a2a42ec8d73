import type { Locations, Scene } from './scene.js';
import { domainOf, packageOf } from './sound-package.js';

const CLUSTER_BYTES = 65_536;
const HEADER_BYTES = 112;
const VERSION_2_HEADER_BYTES = 72;

/** What an image says of itself, where that is not what a sound one says. */
export interface Qcow2Header {
  readonly version?: number;
  readonly backingFile?: string;
  readonly backingOffset?: bigint;
  readonly backingBytes?: number;
  readonly clusterBits?: number;
  readonly virtualBytes?: bigint;
  readonly encryption?: number;
  readonly l1Entries?: number;
  readonly l1Offset?: bigint;
  readonly refcountClusters?: number;
  readonly snapshots?: number;
  readonly features?: bigint;
  readonly refcountOrder?: number;
  readonly headerBytes?: number;
  readonly compression?: number;
  /** @param length what it claims to be long, in bytes, if that is not true */
  readonly extension?: { readonly type: number; readonly data: string; readonly length?: number };
}

/** A qcow2 image of 1 MiB, empty: header, L1 table, reference counts, a cluster each. */
export function qcow2(said: Qcow2Header): Buffer {
  const image = Buffer.alloc(4 * CLUSTER_BYTES);
  const { version = 3, backingFile = '', extension } = said;
  const backing = backingFile === '' ? 0n : 2048n;
  image.writeUInt32BE(0x514649fb, 0);
  image.writeUInt32BE(version, 4);
  image.writeBigUInt64BE(said.backingOffset ?? backing, 8);
  image.writeUInt32BE(said.backingBytes ?? backingFile.length, 16);
  image.writeUInt32BE(said.clusterBits ?? 16, 20);
  image.writeBigUInt64BE(said.virtualBytes ?? 1n << 20n, 24);
  image.writeUInt32BE(said.encryption ?? 0, 32);
  image.writeUInt32BE(said.l1Entries ?? 1, 36);
  image.writeBigUInt64BE(said.l1Offset ?? BigInt(CLUSTER_BYTES), 40);
  image.writeBigUInt64BE(BigInt(2 * CLUSTER_BYTES), 48);
  image.writeUInt32BE(said.refcountClusters ?? 1, 56);
  image.writeUInt32BE(said.snapshots ?? 0, 60);
  if (version !== 2) {
    image.writeBigUInt64BE(said.features ?? 0n, 72);
    image.writeUInt32BE(said.refcountOrder ?? 4, 96);
    image.writeUInt32BE(said.headerBytes ?? HEADER_BYTES, 100);
    image.writeUInt8(said.compression ?? 0, 104);
  }
  if (extension !== undefined) {
    const at = version === 2 ? VERSION_2_HEADER_BYTES : HEADER_BYTES;
    image.writeUInt32BE(extension.type, at);
    image.writeUInt32BE(extension.length ?? extension.data.length, at + 4);
    image.write(extension.data, at + 8);
  }
  image.write(backingFile, Number(backing));
  return image;
}

/** Packs images, each by its title, as the disk of an otherwise sound machine. */
export async function qcow2Package(
  scene: Scene,
  images: Readonly<Record<string, Buffer>>,
): Promise<Locations> {
  const locations: Record<string, string> = {};
  for (const [title, disk] of Object.entries(images)) {
    const bytes = packageOf({ domain: domainOf('qcow2'), disk });
    locations[title] = await scene.write(`${title}.nxpk`, bytes);
  }
  return locations;
}
