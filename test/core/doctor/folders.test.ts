import assert from 'node:assert/strict';
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CHECKS, examine } from '../../../src/core/doctor/index.js';
import { testHost } from './support/test-host.js';
import { DamagedComputer } from './support/damaged-computer.js';

const VARIABLES = {
  'cache-folder': 'XDG_CACHE_HOME',
  'state-folder': 'XDG_STATE_HOME',
  'runtime-folder': 'XDG_RUNTIME_DIR',
} as const;
type Id = keyof typeof VARIABLES;

describe('the checks of folders', function () {
  this.timeout(20_000);
  let computer: DamagedComputer;

  beforeEach(async () => {
    computer = await DamagedComputer.make();
  });

  afterEach(() => computer[Symbol.asyncDispose]());

  /** What is found of the folder `vmnetx` below another. */
  async function finding(id: Id, above: string | undefined) {
    const host = testHost({ environment: { [VARIABLES[id]]: above } });
    const checks = CHECKS.filter((check) => check.id === id);
    const [result] = await examine(checks, host, new AbortController().signal);
    assert.ok(result !== undefined);
    return result;
  }

  it('are content with what is there or can be made, and make nothing', async () => {
    const { folder } = computer;
    for (const id of ['cache-folder', 'state-folder'] as const) {
      const result = await finding(id, join(folder, 'to be', 'made'));
      assert.equal(result.state, 'good', result.found);
      assert.match(result.found, /iB are free for .*\/to be\/made\/vmnetx/);
    }
    assert.match((await finding('cache-folder', folder)).found, /takes [\d.]+ GiB at most\.$/);
    assert.equal((await finding('runtime-folder', folder)).state, 'good');
    assert.deepEqual(await computer.left(), []);
  });

  it('notice what is not a folder, or somebody else’s', async () => {
    const { folder } = computer;
    const [file, foreign] = [join(folder, 'file'), join(folder, 'foreign')];
    await mkdir(file);
    await writeFile(join(file, 'vmnetx'), '');
    await mkdir(foreign);
    await symlink('/usr', join(foreign, 'vmnetx'));
    for (const [id, state] of [
      ['cache-folder', 'warning'],
      ['state-folder', 'bad'],
      ['runtime-folder', 'bad'],
    ] as const) {
      const isFile = await finding(id, file);
      assert.deepEqual([isFile.state, isFile.found], [state, `${file}/vmnetx is not a folder.`]);
      const isForeign = await finding(id, foreign);
      const told = `${foreign}/vmnetx belongs to somebody else.`;
      assert.deepEqual([isForeign.state, isForeign.found], [state, told]);
    }
  });

  it('want a folder for sockets that nobody else can enter', async () => {
    assert.match((await finding('runtime-folder', undefined)).found, /XDG_RUNTIME_DIR is not set/);
    await chmod(computer.runtime, 0o755);
    const { state, found } = await finding('runtime-folder', computer.runtime);
    assert.deepEqual([state, found], ['bad', `Others can enter ${computer.runtime}.`]);
    assert.equal((await finding('runtime-folder', '/')).state, 'bad');
    const missing = await finding('runtime-folder', join(computer.folder, 'missing'));
    assert.equal(missing.state, 'bad');
    assert.match(missing.found, /^There is no .*\/missing, which XDG_RUNTIME_DIR names\.$/);
  });

  it('want a folder for fetched data that nobody else can write to', async () => {
    const [above, linked] = [join(computer.folder, 'cache'), join(computer.folder, 'linked')];
    await mkdir(join(above, 'vmnetx'), { recursive: true });
    await mkdir(linked);
    assert.equal((await finding('cache-folder', above)).state, 'good');
    await symlink(join(above, 'vmnetx'), join(linked, 'vmnetx'));
    assert.equal((await finding('cache-folder', linked)).state, 'warning');
    await chmod(join(above, 'vmnetx'), 0o777);
    const { state, found } = await finding('cache-folder', above);
    assert.equal(state, 'warning');
    assert.match(found, /^Others may write to /);
  });

  it('notice that a place is read-only, full or small', async () => {
    const place = join(computer.folder, 'place');
    const environment = { XDG_CACHE_HOME: place, XDG_STATE_HOME: place, XDG_RUNTIME_DIR: place };
    const found = async (options: string, lines = ':') => {
      const damage = `mkdir -p '${place}'; mount -t tmpfs -o mode=0700,${options} none '${place}'; ${lines}`;
      const ids = ['state-folder', 'cache-folder', 'runtime-folder'];
      const results = await computer.findings(ids, { damage, environment });
      return results.map(({ state, found }) => `${state}: ${found}`);
    };
    const nothing = `Nothing can be written in ${place}.`;
    assert.deepEqual(await found('ro'), [
      `bad: ${nothing}`,
      `warning: ${nothing}`,
      `bad: ${nothing}`,
    ]);

    const full = await found('size=64k', `head -c 64k /dev/zero > '${place}/filling'`);
    assert.equal(full[0], `bad: 0 bytes are free for ${place}/vmnetx.`);
    assert.match(full[1] ?? '', /^warning: 0 bytes are free for /);
    assert.equal(full[2], `bad: Nothing is free for ${place}/vmnetx.`);

    const small = await found('size=100m');
    assert.equal(small[0], `warning: 100 MiB are free for ${place}/vmnetx.`);
    assert.match(small[1] ?? '', /^warning: 100 MiB are free for /);
    assert.equal(small[2], `good: ${place} is yours alone.`);
  });
});
