import { spawn } from 'node:child_process';
import { open, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { seeded } from '../../support/random.js';
import { CHUNK_BYTES, RecordedImage, type RecordedMount } from './recorded-image.js';

/**
 * A process that mounts a recorded image.
 *
 * Arguments: the image's folder, its size in bytes, a seed, and what to do:
 * `work`: brings all chunks, writes to the disk beside it, makes it durable now and then, and ends.
 * `hold`: brings the chunks 0 to 9, claims 10 to 19, prints `ready`, and stays.
 * `fail`: finds that the disk does not take what it brings, prints what it sees as JSON, and ends.
 * `fail-again`: the same for chunk 1, which is durable, yet damaged, so that it is brought again.
 * `fail-read`: finds that the record cannot be read for a while, prints what it sees, and ends.
 * `fail-shared`: the same of two mounts that share the record, and a third one later.
 */
const [, , folder = '', size = '', seed = '', task = ''] = process.argv;
const WRITES = 24;
const LONGEST_WRITE = 6000;
const BATCH = 4;

const image = RecordedImage.in(folder, Number(size));
const random = seeded(Number(seed));
const chunks = Array.from({ length: image.chunks }, (_, chunk) => chunk);

/**
 * Writes to the disk, by another process: one that waits for its own mount cannot even be killed.
 * It has no standard output to keep open, and none of our faults.
 */
function writeAbout(mounted: RecordedMount): Promise<void> {
  const writes = Array.from({ length: WRITES }, () => {
    const length = 1 + Math.floor(random() * LONGEST_WRITE);
    const offset = Math.floor(random() * (image.origin.length - length));
    return `dd if=/dev/zero of="$1" bs=${String(length)} seek=${String(offset)} count=1 oflag=seek_bytes conv=notrunc`;
  });
  const writer = spawn('sh', ['-ec', writes.join('\n'), 'sh', mounted.path], {
    stdio: 'ignore',
    env: { PATH: process.env['PATH'] },
  });
  return new Promise((resolve, reject) => {
    writer.once('error', reject);
    writer.once('exit', (status) => {
      if (status === 0) resolve();
      else reject(new Error(`dd ended with ${String(status)}`));
    });
  });
}

async function work(mounted: RecordedMount): Promise<void> {
  const writing = writeAbout(mounted);
  const order = chunks
    .map((chunk) => ({ chunk, place: random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ chunk }) => chunk);
  const syncs: Promise<void>[] = [];
  for (let first = 0; first < order.length; first += BATCH) {
    await mounted.deliverEach(order.slice(first, first + BATCH));
    syncs.push(mounted.sync());
    if (syncs.length % 2 === 0) await Promise.all(syncs);
  }
  await writing;
  await Promise.all(syncs);
}

async function hold(mounted: RecordedMount): Promise<void> {
  await mounted.deliverEach(chunks.slice(0, 10));
  const claimed = mounted.claim(10, 10);
  process.stdout.write(claimed === 10 ? 'ready\n' : `claimed ${String(claimed)}\n`);
  await new Promise((resolve) => setTimeout(resolve, 60_000));
}

function syncOf(mounted: RecordedMount): Promise<unknown> {
  return mounted.sync().then(
    () => 'durable',
    (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error),
  );
}

/** Syncs while the disk fails, and has the system drop a page that never came to the disk. */
async function failSync(mounted: RecordedMount, droppedChunk: number): Promise<unknown> {
  await writeFile(join(folder, 'fail-sync'), '');
  const failed = await syncOf(mounted);
  await rm(join(folder, 'fail-sync'));
  const data = await open(image.path('data'), 'r+');
  await data.write(Buffer.alloc(4096), 0, 4096, droppedChunk * CHUNK_BYTES);
  await data.close();
  return failed;
}

async function isRight(mounted: RecordedMount): Promise<boolean> {
  const read = await mounted.readFirst(3);
  return read.length > 0 && read.equals(image.origin.subarray(0, read.length));
}

async function findDiskFailing(mounted: RecordedMount): Promise<void> {
  await mounted.deliverEach([0, 1, 2]);
  const failed = await failSync(mounted, 2);
  const right = await isRight(mounted);
  await mounted.deliverEach([0, 1, 2, 3]);
  const again = await syncOf(mounted);
  const { damaged, misses, syncFailures } = mounted.statistics;
  process.stdout.write(JSON.stringify({ failed, again, right, damaged, misses, syncFailures }));
}

async function findDiskFailingAgain(mounted: RecordedMount): Promise<void> {
  const before = await isRight(mounted);
  await mounted.deliver(1);
  const failed = await failSync(mounted, 1);
  const right = before && (await isRight(mounted));
  const { damaged, misses } = mounted.statistics;
  process.stdout.write(JSON.stringify({ failed, right, damaged, misses }));
}

async function findDiskFailingTogether(mounted: RecordedMount): Promise<void> {
  const other = await image.mount();
  await mounted.deliverEach([0, 1, 2]);
  const before = await isRight(other);
  const failed = await failSync(mounted, 2);
  const later = await image.mount();
  const right = [before, await isRight(other), await isRight(later), await isRight(mounted)];
  const misses = [other, later, mounted].flatMap((each) => each.misses);
  process.stdout.write(JSON.stringify({ failed, right, misses: misses.sort() }));
  await other.close();
  await later.close();
}

async function findUnreadable(): Promise<void> {
  await writeFile(join(folder, 'fail-read'), '');
  const unreadable = await image.mount().catch((error: unknown) => error);
  await rm(join(folder, 'fail-read'));
  if (!(unreadable instanceof Error) || !('code' in unreadable)) throw new Error('it was read');
  process.stdout.write(JSON.stringify(unreadable.code));
}

if (task === 'fail-read') await findUnreadable();
const mounted = await image.mount();
if (task === 'work') await work(mounted);
else if (task === 'hold') await hold(mounted);
else if (task === 'fail') await findDiskFailing(mounted);
else if (task === 'fail-again') await findDiskFailingAgain(mounted);
else if (task === 'fail-shared') await findDiskFailingTogether(mounted);
await mounted.close();
