import assert from 'node:assert/strict';
import { join } from 'node:path';
import { prepareAttack, readAttacks, type Attack } from '../hostile/support/attack.js';
import { Scene } from '../hostile/support/scene.js';
import { inGroups, openInWindows, type Place } from '../hostile/support/windows.js';
import { seeded } from '../support/random.js';
import { ScreenReader } from '../support/screen-reading.js';
import { Desktop } from './support/desktop.js';
import { endPrograms } from './support/program.js';

/**
 * One location of every second attack is opened; others in the next run, and all by `npm run hostile`.
 */
const SEED = Number(process.env['VMNETX_TEST_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

describe(`a hostile machine in the window (VMNETX_TEST_SEED=${SEED})`, function () {
  this.timeout(120_000);
  const random = seeded(SEED);
  let desktop: Desktop;
  let reader: ScreenReader;
  const scenes: Scene[] = [];

  before(async () => {
    desktop = await Desktop.prepare();
    reader = new ScreenReader();
  });

  afterEach(async () => {
    await endPrograms();
    for (const scene of scenes.splice(0)) await scene[Symbol.asyncDispose]();
  });

  after(async () => {
    await reader[Symbol.asyncDispose]();
    await desktop[Symbol.asyncDispose]();
  });

  for (const attacks of inGroups(readAttacks().filter(() => random() < 1 / 2))) {
    const chosen = attacks.map((attack) => ({ attack, share: random() }));
    const names = attacks.map(({ name }) => name).join(', ');
    it(`gets a page with details to copy, or boots without its memory, and nothing stays: ${names}`, async () => {
      const places = await Promise.all(chosen.map(place));
      assert.deepEqual(await openInWindows(places, desktop, reader), []);
    });
  }

  /** @param share of the attack's locations, which stand before the one that is opened */
  async function place({ attack, share }: Chosen): Promise<Place> {
    const scene = await Scene.prepare(join(desktop.folder, attack.name));
    scenes.push(scene);
    const locations = Object.entries(await prepareAttack(attack, scene));
    const [title, location] = locations[Math.floor(share * locations.length)] ?? [];
    assert.ok(title !== undefined && location !== undefined, attack.name);
    return { attack, title, location, scene };
  }
});

interface Chosen {
  readonly attack: Attack;
  /** In [0, 1). */
  readonly share: number;
}
