import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { MANIFEST_NAME, formatManifest } from '../src/core/package/index.js';
import { writePackage } from '../src/core/publish/index.js';
import { directoryEntry, endRecords, localHeader } from '../src/core/publish/zip-format.js';
import { randomBytes, seeded } from '../test/support/random.js';
import { IMAGE_NAME, PACKAGE_NAME } from './subjects/index.js';

const SEED = 1;
const PIECE_BYTES = 2 ** 20;
/** Nothing starts the machine; a mount needs no more. */
const DOMAIN_XML = '<domain/>';
const MANIFEST = { name: 'Benchmark', domain: 'domain.xml', disk: 'disk.img', memory: null };

/**
 * Fills a folder for the web server: an image of incompressible bytes, a package with that image, and
 * an index, by which rclone finds what there is.
 *
 * @returns the path of the image
 */
export async function writeContent(
  folder: string,
  imageBytes: number,
  signal: AbortSignal,
): Promise<string> {
  const path = join(folder, IMAGE_NAME);
  await writeNoise(path, imageBytes, signal);
  const outPath = join(folder, PACKAGE_NAME);
  await writePackage({ name: 'Benchmark', domainXml: DOMAIN_XML, disk: { path }, outPath, signal });
  await writeFile(join(folder, 'index.html'), `<a href="${IMAGE_NAME}">${IMAGE_NAME}</a>\n`);
  return path;
}

async function writeNoise(path: string, bytes: number, signal: AbortSignal): Promise<void> {
  const file = await open(path, 'wx');
  try {
    const random = seeded(SEED);
    for (let at = 0; at < bytes; at += PIECE_BYTES) {
      signal.throwIfAborted();
      await file.write(randomBytes(PIECE_BYTES, random), 0, PIECE_BYTES, at);
    }
    // Its writing must not fall into the time of a measurement.
    await file.sync();
  } finally {
    await file.close();
  }
}

/**
 * Writes a package whose disk is one hole, of any size. Its checksum is not computed: reading a TiB of
 * zeros takes minutes, and no measurement reads the disk to its end.
 */
export async function writeSparsePackage(path: string, diskBytes: number): Promise<void> {
  const file = await open(path, 'wx');
  try {
    const entries: Buffer[] = [];
    let position = 0;
    const texts = [
      [MANIFEST_NAME, formatManifest(MANIFEST)],
      [MANIFEST.domain, DOMAIN_XML],
    ] as const;
    for (const [name, text] of texts) {
      const data = Buffer.from(text);
      const member = { name, sizeBytes: data.length, crc32: crc32(data), alignment: 1 };
      const placed = { ...member, headerOffset: position };
      const bytes = Buffer.concat([localHeader(placed), data]);
      await file.write(bytes, 0, bytes.length, position);
      entries.push(directoryEntry(placed));
      position += bytes.length;
    }
    const disk = { name: MANIFEST.disk, sizeBytes: diskBytes, crc32: 0, alignment: 4096 };
    const placed = { ...disk, headerOffset: position };
    const header = localHeader(placed);
    await file.write(header, 0, header.length, position);
    entries.push(directoryEntry(placed));
    const offset = position + header.length + diskBytes;
    const directory = Buffer.concat(entries);
    const place = { offset, length: directory.length, entries: entries.length };
    const end = Buffer.concat([directory, endRecords(place, '')]);
    await file.write(end, 0, end.length, offset);
  } finally {
    await file.close();
  }
}
