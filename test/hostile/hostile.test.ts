import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { catalogue } from '../../src/core/errors/index.js';
import { Desktop } from '../e2e/support/desktop.js';
import { assertTold, endPrograms } from '../e2e/support/program.js';
import { testConcurrently } from '../support/concurrent-tests.js';
import { prepareAttack, readAttacks, SECRET, type Attack } from './support/attack.js';
import { Info } from './support/info.js';
import { readMounted } from './support/mounting.js';
import { Scene, type Locations } from './support/scene.js';
import { packageOf } from './support/sound-package.js';

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
    for (const { status, stderr } of await info.ofAll([location, location], scene.folder)) {
      assert.deepEqual([status, stderr], [0, '']);
    }
  });

  const attacks = readAttacks().map((attack) => ({
    ...attack,
    title: `${attack.name} gets ${attack.code}: ${attack.what}`,
  }));
  testConcurrently(attacks, 2, async (attack) => {
    await using scene = await Scene.prepare(join(desktop.folder, attack.name));
    const locations = await prepareAttack(attack, scene);
    await (attack.command === 'info'
      ? assertRefused(attack, locations, scene)
      : assertRefusedOnMount(attack, locations, scene));
  });

  it('leaves no machine, process, mount or file', async () => {
    await info[Symbol.asyncDispose]();
    assert.deepEqual(await desktop.remains(), []);
  });

  async function assertRefused(
    { code, told }: Attack,
    locations: Locations,
    { folder }: Scene,
  ): Promise<void> {
    const titles = Object.keys(locations);
    const ended = await info.ofAll(Object.values(locations), folder);
    assert.equal(ended.length, titles.length);
    for (const [index, { status, stdout, stderr }] of ended.entries()) {
      const all = `${titles[index] ?? ''}: ${status ?? ''} ${stdout}${stderr}`;
      assert.ok(stderr.includes(`(${code})\n`), all);
      assertTold(stderr, code);
      assert.deepEqual([status, stdout], [catalogue[code].status, ''], all);
      assert.ok(stderr.includes(told) && !stderr.includes(SECRET), all);
    }
  }

  async function assertRefusedOnMount(
    { code, told }: Attack,
    locations: Locations,
    { folder }: Scene,
  ): Promise<void> {
    for (const [title, location] of Object.entries(locations)) {
      const directory = join(folder, 'mount');
      await mkdir(directory, { recursive: true });
      const { stderr, disk } = await readMounted(location, directory, desktop.environment);
      assert.equal(disk, null, `${title}: all of the disk could be read`);
      assert.ok(stderr.includes(`(${code})\n`) && stderr.includes(told), `${title}: ${stderr}`);
    }
  }
});
