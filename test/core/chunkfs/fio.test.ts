import assert from 'node:assert/strict';
import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MissingChunk } from '../../../src/core/chunkfs/index.js';
import { seeded } from '../../support/random.js';
import { MountedImages, Program } from './mounted-images.js';

const MEBIBYTE = 2 ** 20;
const SIZE = 32 * MEBIBYTE;
const JOBS = 8;
const CHUNK = 131_072;
/** Each job has a part of the file to itself; the parts do not begin at chunks. */
const PART = Math.floor(SIZE / JOBS / 4096) * 4096 - 4096;

async function fio(path: string, ...options: string[]): Promise<void> {
  const { status, output, errors } = await new Program(
    'fio',
    '--name=job',
    `--filename=${path}`,
    '--allow_file_create=0',
    '--group_reporting',
    '--verify_fatal=1',
    ...options,
  ).ended;
  assert.equal(status, 0, `${output.toString()}${errors}`);
}

const inParts = [
  `--numjobs=${String(JOBS)}`,
  `--size=${String(PART)}`,
  `--offset_increment=${String(PART)}`,
];

/** Writes that come out the same each time: each 512 bytes hold their own place in the file. */
function repeatableWrites(seed: number): string[] {
  return [
    ...inParts,
    '--rw=randwrite',
    '--verify=pattern',
    '--verify_pattern=0xdecade%o',
    `--randseed=${String(seed)}`,
    '--io_size=1m',
  ];
}

describe('fio with verification', function () {
  this.timeout(120_000);
  const seed = Math.floor(Math.random() * 2 ** 31);
  const random = seeded(seed);
  let folder: string;
  let reference: string;
  let images: MountedImages;

  /** Brings a chunk late and in pieces, the wanted bytes first. */
  function bringLate(miss: MissingChunk, self: MountedImages): void {
    const begin = miss.chunk * CHUNK;
    const end = Math.min(begin + CHUNK, SIZE);
    const wanted = begin + miss.offsetInChunk;
    const cut = begin + Math.floor(random() * (end - begin));
    const pieces = [
      { from: wanted, to: wanted + miss.lengthInChunk },
      { from: cut, to: end },
      { from: begin, to: cut },
    ];
    for (const { from, to } of pieces) {
      setTimeout(() => void self.deliverBytes(from, to - from), random() * 4);
    }
  }

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'chunkfs-fio-'));
    reference = join(folder, 'reference');
  });
  beforeEach(async () => {
    // Every 4 KiB carry a checksum of their own.
    await fio(
      reference,
      '--allow_file_create=1',
      `--size=${String(SIZE)}`,
      '--bs=4k',
      '--rw=write',
      '--verify=crc32c',
      '--do_verify=0',
    );
    images = await MountedImages.create({
      origin: await readFile(reference),
      chunkBytes: CHUNK,
      onMiss: bringLate,
    });
  });
  afterEach(() => images.close());
  after(() => rm(folder, { recursive: true }));

  for (const direct of ['--direct=1', '--direct=0']) {
    it(`finds every block right while chunks come late (${direct})`, async () => {
      await fio(
        images.path,
        direct,
        ...inParts,
        '--rw=randread',
        '--bs=4k,64k',
        '--bssplit=4k/80:64k/20',
        '--verify=crc32c',
        '--verify_interval=4k',
        '--ioengine=libaio',
        '--iodepth=4',
        `--randseed=${String(seed)}`,
      );
    });

    it(`reads back what it wrote, and all else as it was (${direct})`, async () => {
      const copy = join(folder, 'copy');
      await copyFile(reference, copy);
      const writes = [
        direct,
        '--ioengine=libaio',
        '--iodepth=4',
        '--bssplit=512/30:4k/50:24k/20',
        ...repeatableWrites(seed),
      ];
      await fio(images.path, ...writes);
      await fio(copy, ...writes, '--do_verify=0');
      const { output, status } = await new Program('cmp', images.path, copy).ended;
      assert.equal(status, 0, `seed ${String(seed)}: ${output.toString()}`);
      assert(images.misses.some(({ kind }) => kind === 'write'));
    });
  }
});
