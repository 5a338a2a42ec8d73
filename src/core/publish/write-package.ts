import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, fileError } from '../errors/index.js';
import { formatManifest, MANIFEST_NAME } from '../package/index.js';
import { ArchiveWriter } from './archive-writer.js';
import { writeThroughScratch } from './scratch.js';

/** What goes into a package of format 1, as far as a machine that is shut down goes. */
export interface PackageToWrite {
  /** The machine's name, as it will be shown. */
  readonly name: string;
  /** In the strict form. */
  readonly domainXml: string;
  /** The disk's image, in the format that the domain names; stored as it is. */
  readonly disk: { readonly path: string };
  readonly outPath: string;
  readonly signal: AbortSignal;
  /** Bytes of the disk that have been written, and all of them. */
  readonly onProgress?: (done: number, total: number) => void;
}

const COMMENT = 'VMNetX package';
const DOMAIN_NAME = 'domain.xml';
const DISK_NAME = 'disk.img';
/** A page, also of the kernel's cache: reads of the image and of the package fall together. */
const DISK_ALIGNMENT = 4096;
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
  const disk = await openDisk(content.disk.path);
  try {
    const { size } = await disk.stat();
    const file = await open(path, 'wx');
    try {
      const writer = new ArchiveWriter(file);
      const manifest = { name: content.name, domain: DOMAIN_NAME, disk: DISK_NAME, memory: null };
      await addText(writer, MANIFEST_NAME, formatManifest(manifest));
      await addText(writer, DOMAIN_NAME, content.domainXml);
      await writer.add(DISK_NAME, size, readDisk(disk, size, content), DISK_ALIGNMENT);
      await writer.finish(COMMENT);
    } finally {
      await file.close();
    }
  } finally {
    await disk.close();
  }
}

async function addText(writer: ArchiveWriter, name: string, text: string): Promise<void> {
  const bytes = Buffer.from(text);
  await writer.add(name, bytes.length, [bytes]);
}

async function openDisk(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (error) {
    throw fileError(path, error);
  }
}

async function* readDisk(
  disk: FileHandle,
  size: number,
  { disk: { path }, signal, onProgress }: PackageToWrite,
): AsyncGenerator<Uint8Array> {
  const buffer = Buffer.allocUnsafe(PIECE_BYTES);
  let done = 0;
  while (done < size) {
    signal.throwIfAborted();
    const { bytesRead } = await disk.read(buffer, 0, Math.min(PIECE_BYTES, size - done), done);
    if (bytesRead === 0) {
      throw fail('host-input-output', { path }, { detail: 'The file became shorter meanwhile.' });
    }
    yield buffer.subarray(0, bytesRead);
    done += bytesRead;
    onProgress?.(done, size);
  }
}
