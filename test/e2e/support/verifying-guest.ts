import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { guestData } from '../../support/guest-data.js';
import type { GuestConsole } from './guest-console.js';

const MEBIBYTE = 1 << 20;
/** Files that are kept on the guest's disk at a time. */
const FILES = 4;
const BLOCK_BYTES = 65_536;
/** A command may take as long as the network is away, in milliseconds. */
const PATIENCE = 480_000;

/** How much a guest does in one go. */
export interface WorkSize {
  /** Of the guest's data partition, in MiB. */
  readonly dataMebibytes: number;
  /** Of a file, in blocks of 64 KiB: from 16 to this. */
  readonly mostBlocks: number;
  /** Of published data, in MiB. */
  readonly mostMebibytes: number;
}

/** What the demo guest bears. */
const LARGE: WorkSize = { dataMebibytes: 512, mostBlocks: 128, mostMebibytes: 8 };

/** What the work of a guest came to. */
export interface VerifiedWork {
  readonly filesWritten: number;
  /** Bytes that were read back and were right. */
  readonly bytesVerified: number;
}

/**
 * Has the demo guest write, read back and compare, and read what was published, until that is over.
 * Its caches are dropped before each reading, so that all of it goes to the disk.
 *
 * @param random numbers in [0, 1)
 * @param isOver asked after each round
 * @throws AssertionError for a wrong byte or an error in the guest's log
 */
export async function verifyInGuest(
  shell: GuestConsole,
  random: () => number,
  isOver: () => boolean,
  size: WorkSize = LARGE,
): Promise<VerifiedWork> {
  const files = new Map<string, { readonly hash: string; readonly bytes: number }>();
  const places = new Places(size, random);
  let [filesWritten, bytesVerified] = [0, 0];
  do {
    const name = `/disk/file-${filesWritten % FILES}`;
    const blocks = 16 + Math.floor(random() * (size.mostBlocks - 16));
    const hash = await shell.run(
      `dd if=/dev/urandom bs=64k count=${blocks} 2>/dev/null | tee ${name} | sha256sum; sync`,
      PATIENCE,
    );
    files.set(name, { hash, bytes: blocks * BLOCK_BYTES });
    filesWritten++;

    for (const [path, file] of files) {
      const read = await shell.run(`${DROP_CACHES} sha256sum <${path}`, PATIENCE);
      assert.equal(sumIn(read), sumIn(file.hash), `${path} of the guest`);
      bytesVerified += file.bytes;
    }

    const { skip, count } = places.next();
    const published = await shell.run(
      `${DROP_CACHES} dd if=/dev/data bs=1M skip=${skip} count=${count} 2>/dev/null | sha256sum`,
      PATIENCE,
    );
    const expected = createHash('sha256').update(guestData(skip * MEBIBYTE, count * MEBIBYTE));
    assert.equal(sumIn(published), expected.digest('hex'), `MiB ${skip}, ${count} of them`);
    bytesVerified += count * MEBIBYTE;
  } while (!isOver());
  await assertLogIsClean(shell);
  return { filesWritten, bytesVerified };
}

/** @throws AssertionError if the guest's kernel has met an error of its disk, or thinks so */
export async function assertLogIsClean(shell: GuestConsole): Promise<void> {
  const log = await shell.run('dmesg', PATIENCE);
  assert.doesNotMatch(
    log,
    /I\/O error|timed? ?out|reset|EXT4-fs error|blocked for more|exception/i,
  );
}

const DROP_CACHES = 'echo 3 >/proc/sys/vm/drop_caches;';

/** The kernel prints to the same port. */
function sumIn(printed: string): string | undefined {
  return /[0-9a-f]{64}/.exec(printed)?.[0];
}

/** Where published data is read: everywhere once, before it is read again. */
class Places {
  readonly #size: WorkSize;
  readonly #random: () => number;
  #left: number[] = [];

  constructor(size: WorkSize, random: () => number) {
    this.#size = size;
    this.#random = random;
  }

  /** In MiB. */
  next(): { readonly skip: number; readonly count: number } {
    const { dataMebibytes, mostMebibytes } = this.#size;
    if (this.#left.length === 0) {
      const parts = Math.floor(dataMebibytes / mostMebibytes);
      this.#left = Array.from({ length: parts }, (_, part) => part * mostMebibytes);
    }
    const [skip = 0] = this.#left.splice(Math.floor(this.#random() * this.#left.length), 1);
    return { skip, count: 1 + Math.floor(this.#random() * mostMebibytes) };
  }
}
