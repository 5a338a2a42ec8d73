import { open, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, fileError } from '../errors/index.js';
import { formatManifest, MANIFEST_NAME } from '../package/index.js';
import { ArchiveWriter } from './archive-writer.js';
import { writeThroughScratch } from './scratch.js';

/** What goes into a package of format 1. */
export interface PackageToWrite {
  /** The machine's name, as it will be shown. */
  readonly name: string;
  /** In the strict form. */
  readonly domainXml: string;
  /** The disk's image, in the format that the domain names; stored as it is. */
  readonly disk: ImageToWrite;
  /** Its saved memory; without it, it was shut down. */
  readonly memory?: ImageToWrite | null;
  readonly outPath: string;
  readonly signal: AbortSignal;
  /** Bytes of the images that have been written, and all of them. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** A file that is stored as it is. */
export interface ImageToWrite {
  readonly path: string;
}

const COMMENT = 'VMNetX package';
const DOMAIN_NAME = 'domain.xml';
const MEMORY_NAME = 'memory.img';
const DISK_NAME = 'disk.img';
/** A page, also of the kernel's cache: reads of the image and of the package fall together. */
const IMAGE_ALIGNMENT = 4096;
const PIECE_BYTES = 2 ** 20;

/**
 * Writes a package in one go; it appears under its name only when it is complete.
 *
 * @throws VmnetxError `host-…`
 */
export async function writePackage(content: PackageToWrite): Promise<void> {
  await writeThroughScratch(content.outPath, async (scratch) => {
    const path = join(scratch, 'package');
    await writePackageTo(path, content);
    return path;
  });
}

/** Writes the package to a new file, which the caller removes if this fails. */
export async function writePackageTo(path: string, content: PackageToWrite): Promise<void> {
  const { name, domainXml, memory = null, disk, signal, onProgress } = content;
  const images = await Promise.all([
    ...(memory === null ? [] : [sized(MEMORY_NAME, memory)]),
    sized(DISK_NAME, disk),
  ]);
  const total = images.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  let done = 0;
  const count = (bytes: number): void => {
    done += bytes;
    onProgress?.(done, total);
  };
  const file = await open(path, 'wx');
  try {
    const writer = new ArchiveWriter(file);
    const members = { domain: DOMAIN_NAME, disk: DISK_NAME };
    const manifest = { name, ...members, memory: memory === null ? null : MEMORY_NAME };
    await addText(writer, MANIFEST_NAME, formatManifest(manifest));
    await addText(writer, DOMAIN_NAME, domainXml);
    for (const image of images) {
      const data = readImage(image, count, signal);
      await writer.add(image.member, image.sizeBytes, data, IMAGE_ALIGNMENT);
    }
    await writer.finish(COMMENT);
  } finally {
    await file.close();
  }
}

async function addText(writer: ArchiveWriter, name: string, text: string): Promise<void> {
  const bytes = Buffer.from(text);
  await writer.add(name, bytes.length, [bytes]);
}

interface SizedImage extends ImageToWrite {
  readonly member: string;
  readonly sizeBytes: number;
}

async function sized(member: string, { path }: ImageToWrite): Promise<SizedImage> {
  try {
    const { size } = await stat(path);
    return { member, path, sizeBytes: size };
  } catch (error) {
    throw fileError(path, error);
  }
}

async function* readImage(
  { path, sizeBytes }: SizedImage,
  count: (bytes: number) => void,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const image = await openImage(path);
  try {
    const buffer = Buffer.allocUnsafe(PIECE_BYTES);
    let done = 0;
    while (done < sizeBytes) {
      signal.throwIfAborted();
      const wanted = Math.min(PIECE_BYTES, sizeBytes - done);
      const { bytesRead } = await image.read(buffer, 0, wanted, done);
      if (bytesRead === 0) {
        throw fail('host-input-output', { path }, { detail: 'The file became shorter meanwhile.' });
      }
      yield buffer.subarray(0, bytesRead);
      done += bytesRead;
      count(bytesRead);
    }
  } finally {
    await image.close();
  }
}

async function openImage(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (error) {
    throw fileError(path, error);
  }
}
