import { createHash } from 'node:crypto';
import { fail } from '../errors/index.js';
import type { RangeSource } from '../range/index.js';
import { readDirectory, type Entry } from './central-directory.js';
import { MAX_TAIL_BYTES, readEndRecord } from './end-record.js';
import {
  MAX_DIRECTORY_BYTES,
  MAX_DOMAIN_BYTES,
  MAX_ENTRIES,
  MAX_MANIFEST_BYTES,
} from './limits.js';
import { locateData } from './local-header.js';
import { MANIFEST_NAME, parseManifest } from './manifest.js';
import { checkSmallMember, unpackSmallMember } from './small-member.js';
import { PackageFault } from './zip-fault.js';

/** A member whose bytes lie in the package as they are. */
export interface Member {
  readonly name: string;
  /** Of its data, from the beginning of the package, in bytes. */
  readonly offset: number;
  readonly storedBytes: number;
  readonly crc32: number;
}

/** A package whose directory, manifest and domain have been read and checked. */
export interface Package {
  /** The machine's name: plain text from a stranger, fit to be shown, never markup. */
  readonly name: string;
  readonly sizeBytes: number;
  /** SHA-256 of the central directory, in hexadecimal: tells packages apart, see `core/store`. */
  readonly directoryDigest: string;
  /** As the publisher wrote it; not checked yet. */
  readonly domainXml: Buffer;
  readonly disk: Member;
  readonly memory: Member | null;
}

/**
 * Reads as much of a package as is needed to know what is in it: its end, the central directory,
 * the headers of the members in use, manifest and domain.
 *
 * @throws VmnetxError `package-not-zip`, `package-no-manifest`, `package-malformed`, or what the
 *   source throws
 */
export async function openPackage(source: RangeSource, signal: AbortSignal): Promise<Package> {
  try {
    return await new Opening(source, signal).open();
  } catch (error) {
    if (!(error instanceof PackageFault)) throw error;
    const reason = error.message;
    throw fail('package-malformed', { location: source.label, reason }, { cause: error });
  }
}

class Opening {
  private entries: ReadonlyMap<string, Entry> = new Map();
  /** Where members and directory begin, ascending: what a member must end before. */
  private borders: readonly number[] = [];

  constructor(
    private readonly source: RangeSource,
    private readonly signal: AbortSignal,
  ) {}

  async open(): Promise<Package> {
    const directoryDigest = await this.readDirectory();
    const manifestEntry = this.entries.get(MANIFEST_NAME);
    if (manifestEntry === undefined) {
      throw fail('package-no-manifest', { location: this.source.label, member: MANIFEST_NAME });
    }
    const manifest = parseManifest(await this.readSmall(manifestEntry, MAX_MANIFEST_BYTES));
    const domainXml = await this.readSmall(this.find(manifest.domain), MAX_DOMAIN_BYTES);
    const memory = manifest.memory === null ? null : await this.locate(manifest.memory);
    const disk = await this.locate(manifest.disk);
    const { name } = manifest;
    return { name, sizeBytes: this.source.size, directoryDigest, domainXml, disk, memory };
  }

  private async readDirectory(): Promise<string> {
    const { size, label } = this.source;
    const tailBytes = Math.min(size, MAX_TAIL_BYTES);
    const tail = await this.read(size - tailBytes, tailBytes);
    const place = readEndRecord(tail, size);
    if (place === null) {
      if (size < 4 || (await this.read(0, 4)).toString('latin1') !== 'PK\u0003\u0004') {
        throw fail('package-not-zip', { location: label });
      }
      throw new PackageFault('its end is missing, as if it was not copied completely');
    }
    const { offset, length, entries } = place;
    if (entries > MAX_ENTRIES) throw new PackageFault(`it has ${entries} members`);
    if (length > MAX_DIRECTORY_BYTES) throw new PackageFault('its directory is too long');

    const inTail = offset - (size - tailBytes);
    const directory =
      inTail >= 0 ? tail.subarray(inTail, inTail + length) : await this.read(offset, length);
    this.entries = readDirectory(directory, offset, entries);
    const starts = [...this.entries.values()].map(({ headerOffset }) => headerOffset);
    this.borders = [...starts, offset].sort((a, b) => a - b);
    return createHash('sha256').update(directory).digest('hex');
  }

  private find(name: string): Entry {
    const entry = this.entries.get(name);
    if (entry === undefined) throw new PackageFault(`it has no member “${name}”`);
    return entry;
  }

  private async readSmall(entry: Entry, maxBytes: number): Promise<Buffer> {
    checkSmallMember(entry, maxBytes);
    const offset = await this.dataOf(entry);
    return unpackSmallMember(entry, await this.read(offset, entry.storedBytes));
  }

  private async locate(name: string): Promise<Member> {
    const entry = this.find(name);
    const { storedBytes, plainBytes, crc32, method } = entry;
    if (method !== 0 || storedBytes !== plainBytes) {
      throw new PackageFault(`“${name}” is compressed, so that it cannot be read in parts`);
    }
    return { name, offset: await this.dataOf(entry), storedBytes, crc32 };
  }

  private dataOf(entry: Entry): Promise<number> {
    const limit = this.borders.find((border) => border > entry.headerOffset);
    if (limit === undefined) throw new PackageFault(`“${entry.name}” is not where it should be`);
    return locateData(this.source, entry, limit, this.signal);
  }

  private read(offset: number, length: number): Promise<Buffer> {
    return length === 0
      ? Promise.resolve(Buffer.alloc(0))
      : this.source.read(offset, length, this.signal);
  }
}
