import assert from 'node:assert/strict';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endPrograms, startProgram } from '../e2e/support/program.js';
import { testConcurrently } from '../support/concurrent-tests.js';
import { isMounted } from '../support/mounts.js';
import { randomBytes, seeded } from '../support/random.js';
import { until } from '../support/wait.js';
import { Namespace } from './support/namespace.js';
import { Scene } from './support/scene.js';
import { packageOf } from './support/sound-package.js';
import { readStoreAttacks, type Spoiling } from './support/spoiling.js';

const PRECIOUS = 'what no program may touch\n';
const attacks = await readStoreAttacks();
const disk = randomBytes(12 * 131_072 + 777, seeded(24));

describe('a machine whose store or computer is spoilt', function () {
  this.timeout(120_000);
  let folder: string;
  let scene: Scene;
  let location: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'spoilt-'));
    scene = await Scene.prepare(join(folder, 'scene'));
    location = await scene.serve(packageOf({ disk }), (answer) => answer);
    await mkdir(join(folder, 'sound'));
    assert.equal(await mountAndRead(join(folder, 'sound'), null), '');
  });

  after(async () => {
    await endPrograms();
    await scene[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  const cases = attacks.flatMap(({ name, code, spoilings }) =>
    Object.entries(spoilings).map(([how, spoiling], number) => ({
      title: `goes on and says ${code ?? 'nothing'}: ${name}, ${how}`,
      place: `${name}-${number}`,
      code,
      spoiling,
    })),
  );
  testConcurrently(cases, 2, async ({ place, code, spoiling }) => {
    const own = join(folder, place);
    await cp(join(folder, 'sound'), own, { recursive: true });
    const victim = join(own, 'victim');
    await mkdir(victim);
    await writeFile(join(victim, 'file'), PRECIOUS, { mode: 0o644 });
    await spoiling.plant?.(join(own, 'cache/vmnetx'), victim);
    const told = await mountAndRead(own, { ...spoiling, isTold: code !== null });
    const [line = '', ...more] = told.split('\n');
    if (code === null) assert.equal(told, '');
    else assert.match(line, new RegExp(`^vmnetx: What is fetched is not kept: .+ \\(${code}\\)$`));
    assert.ok(
      more.every((text) => text === ''),
      told,
    );
    assert.deepEqual(await readdir(victim), ['file']);
    assert.equal(await readFile(join(victim, 'file'), 'utf8'), PRECIOUS);
    assert.equal((await stat(join(victim, 'file'))).mode & 0o777, 0o644);
  });

  /**
   * Mounts the package with a cache in that folder, and reads all of its disk, which is right.
   *
   * @returns what the user was told
   */
  async function mountAndRead(own: string, spoilt: Spoilt | null): Promise<string> {
    const [cache, target, run] = ['cache', 'target', 'run'].map((name) => join(own, name));
    assert.ok(cache !== undefined && target !== undefined && run !== undefined);
    for (const path of [cache, target, run]) await mkdir(path, { recursive: true, mode: 0o700 });
    await using namespace =
      spoilt?.mount === undefined ? null : await Namespace.make(spoilt.mount, cache);
    const program = startProgram('vmnetx', ['mount', location, target], {
      PATH: process.env['PATH'],
      HOME: own,
      XDG_RUNTIME_DIR: run,
      XDG_CACHE_HOME: namespace === null ? cache : namespace.seen(cache),
    });
    await until('it has mounted', () => program.stdout() !== '');
    assert.ok((await readFile(join(target, 'disk'))).equals(disk));
    if (spoilt?.isTold === true) await until('it says so', () => program.stderr() !== '');
    program.kill('SIGINT');
    const { status, stderr } = await program.ended;
    assert.equal(status, 0, stderr);
    assert.ok(!(await isMounted(target)));
    return stderr;
  }
});

interface Spoilt extends Spoiling {
  readonly isTold: boolean;
}
