import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { catalogue } from '../../src/core/errors/index.js';
import { hasUnprintable } from '../../src/core/text/index.js';
import { Desktop } from '../e2e/support/desktop.js';
import { assertTold, endPrograms } from '../e2e/support/program.js';
import { testConcurrently } from '../support/concurrent-tests.js';
import { prepareAttack, readAttacks, SECRET, type Attack } from './support/attack.js';
import { Info, infoAtOnce, type Surroundings } from './support/info.js';
import { readMounted } from './support/mounting.js';
import { Scene, type Locations } from './support/scene.js';
import { packageOf } from './support/sound-package.js';

/** In characters: a sentence and a hint, each with what a stranger calls things, cut. */
const LONGEST_TOLD = 1000;

describe('the hostile corpus', function () {
  this.timeout(120_000);
  let desktop: Desktop;
  let info: Info;

  before(async () => {
    desktop = await Desktop.prepare();
    info = new Info(desktop.environment);
  });

  after(async () => {
    await endPrograms();
    await info[Symbol.asyncDispose]();
    await desktop[Symbol.asyncDispose]();
  });

  it('spoils a machine that is accepted as long as nothing is spoilt', async () => {
    await using scene = await Scene.prepare(join(desktop.folder, 'sound'));
    const location = await scene.write('sound.nxpk', packageOf());
    const words = ['info', '--', location];
    for (const { status, stderr } of await info.ofAll([words, words], surroundings(scene))) {
      assert.deepEqual([status, stderr], [0, '']);
    }
  });

  const attacks = readAttacks().map((attack) => ({
    ...attack,
    title: `${attack.name} gets ${attack.code}: ${attack.what}`,
  }));
  const carryOut = async (attack: Attack): Promise<void> => {
    await using scene = await Scene.prepare(join(desktop.folder, attack.name));
    const locations = await prepareAttack(attack, scene);
    await (attack.command === 'info'
      ? assertRefused(attack, locations, scene)
      : assertRefusedOnMount(attack, locations, scene));
  };
  // What is only waited for costs nothing beside the others.
  const waitsOnly = ({ code }: Attack): boolean => code === 'network-timeout';
  const [slow, quick] = [attacks.filter(waitsOnly), attacks.filter((each) => !waitsOnly(each))];
  testConcurrently(slow, slow.length, carryOut);
  testConcurrently(quick, 2, carryOut);

  it('leaves no machine, process, mount or file', async () => {
    await info[Symbol.asyncDispose]();
    assert.deepEqual(await desktop.remains(), []);
  });

  function surroundings({ folder, environment }: Scene): Surroundings {
    return { folder, environment: { ...desktop.environment, ...environment } };
  }

  async function assertRefused(attack: Attack, locations: Locations, scene: Scene): Promise<void> {
    const { code, told } = attack;
    const titles = Object.keys(locations);
    const calls = Object.values(locations).map((location) => ['info', ...wordsFor(attack, location)]); // prettier-ignore
    const ended = await (waitsOnly(attack)
      ? infoAtOnce(calls, surroundings(scene))
      : info.ofAll(calls, surroundings(scene)));
    assert.equal(ended.length, titles.length);
    for (const [index, { status, stdout, stderr }] of ended.entries()) {
      const all = `${titles[index] ?? ''}: ${status ?? ''} ${stdout}${stderr}`;
      assert.ok(stderr.includes(`(${code})\n`), all);
      assertTold(stderr, code);
      assert.deepEqual([status, stdout], [catalogue[code].status, ''], all);
      assert.ok(stderr.includes(told) && !stderr.includes(SECRET), all);
      assertFitToBeShown(stderr);
    }
  }

  async function assertRefusedOnMount(
    attack: Attack,
    locations: Locations,
    scene: Scene,
  ): Promise<void> {
    const { code, told } = attack;
    const { folder, environment } = surroundings(scene);
    for (const [title, location] of Object.entries(locations)) {
      const directory = join(folder, 'mount');
      await mkdir(directory, { recursive: true });
      const { stderr, disk } = await readMounted(
        wordsFor(attack, location),
        directory,
        environment,
      );
      assert.equal(disk, null, `${title}: all of the disk could be read`);
      assert.ok(stderr.includes(`(${code})\n`) && stderr.includes(told), `${title}: ${stderr}`);
      assertFitToBeShown(stderr);
    }
  }
});

function wordsFor({ fromLink }: Attack, location: string): readonly string[] {
  return [...(fromLink ? ['--from-link'] : []), '--', location];
}

/** Nothing in it hides or reorders what a person reads. */
function assertFitToBeShown(told: string): void {
  assert.ok(told.length <= LONGEST_TOLD, `${told.length} characters`);
  for (const line of told.split('\n')) assert.ok(!hasUnprintable(line), JSON.stringify(line));
}
