import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { guestData } from '../../support/guest-data.js';
import type { GuestConsole } from './guest-console.js';

const MEBIBYTE = 1 << 20;
/** Of the demo guest's data partition, in MiB. */
const DATA_MEBIBYTES = 512;
/** Files that are kept on the guest's disk at a time, of at most 8 MiB each. */
const FILES = 4;
/** A command may take as long as the network is away, in milliseconds. */
const PATIENCE = 120_000;

/** What the work of a guest came to. */
export interface VerifiedWork {
  readonly filesWritten: number;
  /** Bytes that were read back and were right. */
  readonly bytesVerified: number;
}

/**
 * Has the demo guest write, read back and compare, and read what was published, until the time is
 * over. Its caches are dropped before each reading, so that all of it goes to the disk.
 *
 * @param random numbers in [0, 1)
 * @throws AssertionError for a wrong byte or an error in the guest's log
 */
export async function verifyInGuest(
  shell: GuestConsole,
  random: () => number,
  milliseconds: number,
): Promise<VerifiedWork> {
  const end = performance.now() + milliseconds;
  const files = new Map<string, { readonly hash: string; readonly bytes: number }>();
  let [filesWritten, bytesVerified] = [0, 0];
  do {
    const name = `/disk/file-${filesWritten % FILES}`;
    const blocks = 16 + Math.floor(random() * 112);
    const hash = await shell.run(
      `dd if=/dev/urandom bs=64k count=${blocks} 2>/dev/null | tee ${name} | sha256sum; sync`,
      PATIENCE,
    );
    files.set(name, { hash, bytes: blocks * 65_536 });
    filesWritten++;

    for (const [path, file] of files) {
      const read = await shell.run(`${DROP_CACHES} sha256sum <${path}`, PATIENCE);
      assert.equal(read, file.hash, `${path} of the guest`);
      bytesVerified += file.bytes;
    }

    const count = 1 + Math.floor(random() * 8);
    const skip = Math.floor(random() * (DATA_MEBIBYTES - count));
    const published = await shell.run(
      `${DROP_CACHES} dd if=/dev/sda2 bs=1M skip=${skip} count=${count} 2>/dev/null | sha256sum`,
      PATIENCE,
    );
    const expected = createHash('sha256').update(guestData(skip * MEBIBYTE, count * MEBIBYTE));
    assert.equal(published.split(' ')[0], expected.digest('hex'), `MiB ${skip}, ${count} of them`);
    bytesVerified += count * MEBIBYTE;
  } while (performance.now() < end);
  assert.doesNotMatch(
    await shell.run('dmesg', PATIENCE),
    /I\/O error|timed? ?out|reset|EXT4-fs error/i,
  );
  return { filesWritten, bytesVerified };
}

const DROP_CACHES = 'echo 3 >/proc/sys/vm/drop_caches;';
