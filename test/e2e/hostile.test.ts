import assert from 'node:assert/strict';
import { join } from 'node:path';
import { catalogue } from '../../src/core/errors/index.js';
import { prepareAttack, readAttacks } from '../hostile/support/attack.js';
import { Scene } from '../hostile/support/scene.js';
import { WindowOnScreen } from '../support/window-on-screen.js';
import { Desktop } from './support/desktop.js';
import { assertTold, endPrograms, startProgram } from './support/program.js';

/** One of each kind; what is done until an attack is refused differs between them. */
const SHOWN = new Set([
  '07-document-types',
  '20-redirect-to-other-scheme',
  '38-names-that-lead-astray',
  '50-second-disk',
  '55-options-of-qemu',
  '70-backing-file',
]);

describe('a hostile machine in the window', function () {
  this.timeout(60_000);
  let desktop: Desktop;

  before(async () => {
    desktop = await Desktop.prepare();
  });

  afterEach(endPrograms);

  after(() => desktop[Symbol.asyncDispose]());

  const attacks = readAttacks().filter(({ name }) => SHOWN.has(name));

  it('is one of several kinds', () => {
    assert.deepEqual(new Set(attacks.map(({ name }) => name)), SHOWN);
  });

  for (const attack of attacks) {
    const { name, code } = attack;
    it(`gets a page with details to copy, and nothing runs or stays: ${name}`, async () => {
      await using scene = await Scene.prepare(join(desktop.folder, name));
      const [location = ''] = Object.values(await prepareAttack(attack, scene));
      const words = ['open', '--', location];
      const program = startProgram('vmnetx', words, desktop.environment, scene.folder);
      const window = new WindowOnScreen(program.pid);
      await window.press('Details');
      const shown = (await window.elements()).map((element) => element.name);
      assert.ok(shown.includes('Copy Details'), shown.join('\n'));
      assert.ok(shown.some((text) => text.split('\n')[0] === code), shown.join('\n')); // prettier-ignore
      await window.press('Quit');
      const { status, stderr } = await program.ended;
      assertTold(stderr, code);
      assert.equal(status, catalogue[code].status);
      assert.deepEqual(await desktop.remains(), []);
    });
  }
});
