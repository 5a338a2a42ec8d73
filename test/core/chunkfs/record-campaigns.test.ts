import assert from 'node:assert/strict';
import { mkdir, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seeded } from '../../support/random.js';
import { marksIn, wrongMarksIn } from './record-files.js';
import { CHUNK_BYTES, RecordedImage } from './recorded-image.js';
import {
  compileFaults,
  copyWithoutBoot,
  endOf,
  forEachOf,
  removeDeadMounts,
  startProcess,
} from './record-under-faults.js';

type Phase = 'delivering' | 'marking' | 'copying' | 'syncing';

interface Round {
  readonly phase: Phase;
  readonly number: number;
  readonly seed: number;
}

/** How many calls of a phase the process makes at the least. */
const CALLS: Readonly<Record<Phase, number>> = {
  delivering: 40,
  marking: 40,
  copying: 30,
  syncing: 20,
};
const SEED = 20260;

function roundsOf(counts: Readonly<Record<Phase, number>>): readonly Round[] {
  const random = seeded(SEED);
  const rounds = (phase: Phase): Round[] =>
    Array.from({ length: counts[phase] }, () => ({
      phase,
      number: 1 + Math.floor(random() * CALLS[phase]),
      seed: Math.floor(random() * 2 ** 31),
    }));
  return [
    ...rounds('delivering'),
    ...rounds('marking'),
    ...rounds('copying'),
    ...rounds('syncing'),
  ];
}

/** Reads everything by a mount, which must be right; returns how many chunks were damaged. */
async function readRight(image: RecordedImage, round: string): Promise<number> {
  const present = await marksIn(image, 'record');
  const alive = await marksIn(image, 'live');
  const mounted = await image.mount();
  assert((await mounted.readAll()).equals(image.origin), `wrong bytes: ${round}`);
  const { damaged, misses } = mounted.statistics;
  const known = alive.length > 0 ? alive : present;
  assert.equal(misses, image.chunks - known.length + damaged, round);
  await mounted.close();
  return damaged;
}

describe('a store whose process dies', () => {
  let folder: string;
  let library: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'faults-'));
    library = await compileFaults(folder);
  });
  after(() => rm(folder, { recursive: true, force: true }));

  async function runUntilFault(
    { phase, number, seed }: Round,
    more: Readonly<Record<string, string>> = {},
  ): Promise<RecordedImage> {
    const image = await RecordedImage.create();
    await mkdir(join(image.folder, 'after'));
    const faults = { LD_PRELOAD: library, FAULT_AT: `${phase}:${String(number)}:${String(seed)}` };
    const child = startProcess(image, 'work', seed, { ...faults, ...more });
    assert.equal(await endOf(child), 'SIGKILL', `${phase} ${String(number)}`);
    await removeDeadMounts(image, child.pid);
    return image;
  }

  it('is checked by what finds a planted wrong chunk', async () => {
    const image = await RecordedImage.create();
    const mounted = await image.mount();
    await mounted.deliverEach([4, 5]);
    await mounted.close();
    for (const file of ['record', 'live'] as const) {
      assert.deepEqual(await marksIn(image, file), [4, 5]);
      assert.deepEqual(await wrongMarksIn(image, file), []);
    }
    const data = await open(image.path('data'), 'r+');
    await data.write(Buffer.from([1 ^ (image.bytesOf(5)[100] ?? 0)]), 0, 1, 5 * CHUNK_BYTES + 100);
    await data.close();
    for (const file of ['record', 'live'] as const) {
      assert.deepEqual(await wrongMarksIn(image, file), [5]);
    }
    await image.close();
  });

  it(`marks nothing wrong in 100 kills in the middle of its work (seed ${String(SEED)})`, async function () {
    this.timeout(90_000);
    const rounds = roundsOf({ delivering: 30, marking: 30, copying: 20, syncing: 20 });
    assert.equal(rounds.length, 100);
    let marked = 0;
    await forEachOf(rounds, async (round) => {
      const name = JSON.stringify(round);
      await using image = await runUntilFault(round);
      for (const file of ['live', 'record'] as const) {
        assert.deepEqual(await wrongMarksIn(image, file), [], `${file}: ${name}`);
      }
      const alive = await marksIn(image, 'live');
      marked += alive.length;
      await using rebooted = await copyWithoutBoot(image, image.folder);
      assert.equal(await readRight(image, name), 0, name);
      assert.equal(await readRight(rebooted, name), 0, name);
    });
    // Some died before anything was there, most did not.
    assert(marked > rounds.length * 5, `${String(marked)} chunks were marked`);
  });

  it(`marks nothing wrong in 60 power cuts (seed ${String(SEED)})`, async function () {
    this.timeout(90_000);
    const rounds = roundsOf({ delivering: 15, marking: 15, copying: 5, syncing: 25 });
    let marked = 0;
    await forEachOf(rounds, async (round) => {
      const name = JSON.stringify(round);
      await using image = await runUntilFault(round, { FAULT_POWER: '1' });
      await using rebooted = await copyWithoutBoot(image, join(image.folder, 'after'));
      const durable = await marksIn(rebooted, 'record');
      marked += durable.length;
      assert.deepEqual(await wrongMarksIn(rebooted, 'record'), [], name);
      assert.equal(await readRight(rebooted, name), 0, name);
    });
    assert(marked > rounds.length * 5, `${String(marked)} chunks were marked`);
  });

  it('serves nothing wrong after power cuts though the disk lied about its syncs', async function () {
    this.timeout(60_000);
    const rounds = roundsOf({ delivering: 0, marking: 5, copying: 0, syncing: 0 });
    let wrong = 0;
    await forEachOf(rounds, async (round) => {
      const late = { ...round, number: CALLS.marking - 5 };
      await using image = await runUntilFault(late, { FAULT_POWER: '1', FAULT_LIE: '1' });
      await using rebooted = await copyWithoutBoot(image, join(image.folder, 'after'));
      const wrongMarks = await wrongMarksIn(rebooted, 'record');
      const found = await readRight(rebooted, JSON.stringify(late));
      assert.equal(found, wrongMarks.length);
      wrong += found;
    });
    assert(wrong > 0);
  });
});
