import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { openSource } from '../../../src/core/fetch/index.js';
import { formatManifest, openPackage } from '../../../src/core/package/index.js';
import {
  directoryEntry,
  endRecords,
  localHeader,
  type StoredMember,
} from '../../../src/core/publish/zip-format.js';

const LIST = `
import sys, zipfile
archive = zipfile.ZipFile(sys.argv[1])
for info in archive.infolist():
    print(info.filename, info.header_offset, info.file_size, info.compress_size, info.CRC)
print(archive.comment.decode())
`;

describe('the headers of an archive', () => {
  let directory = '';

  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'zip-format-'));
  });

  after(() => {
    rmSync(directory, { recursive: true });
  });

  const texts: readonly (readonly [string, string])[] = [
    ['vmnetx-package.xml', formatManifest({ name: 'A', domain: 'd', disk: 'i', memory: 'm' })],
    ['d', '<domain/>'],
  ];

  /** Writes an archive with images that are nothing but a hole in a sparse file. */
  function writeSparse(
    path: string,
    sizes: readonly (readonly [string, number])[],
  ): StoredMember[] {
    const file = openSync(path, 'wx');
    let position = 0;
    const write = (bytes: Uint8Array | string) => {
      const buffer = Buffer.from(bytes);
      position += writeSync(file, buffer, 0, buffer.length, position);
    };
    const members: StoredMember[] = [];
    const begin = (name: string, sizeBytes: number, checksum: number) => {
      const member = { name, sizeBytes, crc32: checksum, headerOffset: position, alignment: 4096 };
      members.push(member);
      write(localHeader(member));
      assert.equal(position % 4096, 0, 'aligned');
    };
    try {
      for (const [name, text] of texts) {
        begin(name, text.length, crc32(text));
        write(text);
      }
      for (const [name, size] of sizes) {
        begin(name, size, 7);
        position += size;
      }
      const offset = position;
      for (const member of members) write(directoryEntry(member));
      const place = { offset, length: position - offset, entries: members.length };
      write(endRecords(place, 'VMNetX package'));
    } finally {
      closeSync(file);
    }
    return members;
  }

  const GIB = 2 ** 30;
  const cases: readonly (readonly [string, readonly (readonly [string, number])[]])[] = [
    ['small images', [['m', 5000], ['i', 4095]]],
    ['an image that ends just before 4 GiB', [['m', 1], ['i', 0xffff_fffe]]],
    ['an image of exactly the full value', [['m', 1], ['i', 0xffff_ffff]]],
    ['an image beyond 4 GiB', [['m', 1], ['i', 9 * GIB + 1]]],
    ['an image that begins beyond 4 GiB', [['m', 5 * GIB], ['i', 100]]],
    ['two images beyond 4 GiB', [['m', 5 * GIB], ['i', 70 * GIB]]],
  ]; // prettier-ignore
  for (const [number, [what, sizes]] of cases.entries()) {
    it(`are understood by Python and by our reader: ${what}`, async () => {
      const path = join(directory, `${number}.nxpk`);
      const members = writeSparse(path, sizes);
      const listed = execFileSync('python3', ['-c', LIST, path]).toString().trim().split('\n');
      assert.deepEqual(listed, [
        ...members.map(({ name, headerOffset, sizeBytes, crc32: checksum }) =>
          [name, headerOffset, sizeBytes, sizeBytes, checksum].join(' '),
        ),
        'VMNetX package',
      ]);
      const { signal } = new AbortController();
      const source = await openSource({ kind: 'file', path, label: path }, { signal });
      try {
        const opened = await openPackage(source, signal);
        assert.equal(opened.disk.storedBytes, sizes[1]?.[1]);
        assert.equal(opened.disk.offset % 4096, 0);
        assert.equal(opened.memory?.storedBytes, sizes[0]?.[1]);
      } finally {
        await source.close();
      }
    });
  }

  it('align data wherever the header lies', () => {
    for (let headerOffset = 0; headerOffset < 64; headerOffset++) {
      for (const alignment of [1, 2, 8, 16, 4096]) {
        const member = { name: 'disk.img', sizeBytes: 1, crc32: 0, headerOffset, alignment };
        assert.equal((headerOffset + localHeader(member).length) % alignment, 0);
      }
    }
  });
});
