import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkout } from '../support/checkout.js';

function vmnetx(environment: NodeJS.ProcessEnv, ...words: string[]) {
  return spawnSync(join(checkout, 'bin/vmnetx'), words, {
    encoding: 'utf8',
    timeout: 15_000,
    env: { ...process.env, ...environment },
  });
}

describe('the launcher', function () {
  this.timeout(30_000);
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vmnetx-launcher-'));
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('runs a command without a window without loading GTK', async () => {
    const { status, stdout } = vmnetx(
      { LD_DEBUG: 'files', LD_DEBUG_OUTPUT: join(folder, 'loaded') },
      '--version',
    );
    assert.equal(status, 0);
    assert.match(stdout, /^vmnetx \d/);
    const logs = await readdir(folder);
    const loaded = await Promise.all(logs.map((name) => readFile(join(folder, name), 'utf8')));
    assert.match(loaded.join(), /libstdc\+\+/);
    assert.doesNotMatch(loaded.join(), /libgtk|libgirepository/);
  });

  for (const [situation, environment] of Object.entries({
    'is no DISPLAY': { DISPLAY: undefined },
    'is nothing at DISPLAY': { DISPLAY: ':7777' },
    'is nothing at WAYLAND_DISPLAY': { DISPLAY: undefined, WAYLAND_DISPLAY: 'nothing' },
  })) {
    it(`keeps GTK’s own words to itself where there ${situation}`, () => {
      const missing = join(folder, 'missing.netx');
      const { status, stdout, stderr } = vmnetx(
        { WAYLAND_DISPLAY: undefined, ...environment },
        missing,
      );
      const [first] = stderr.split('\n');
      assert.equal(first, `vmnetx: There is no file ${missing}. (reference-missing)`);
      assert.doesNotMatch(stderr, /gtk|gdk|critical|warning|\n {4}at /i);
      assert.equal(stdout, '');
      assert.equal(status, 66);
    });
  }

  it('says that the program is not built', async () => {
    await cp(join(checkout, 'bin'), join(folder, 'bin'), { recursive: true });
    await symlink(join(folder, 'bin/vmnetx'), join(folder, 'vmnetx'));
    const { status, stderr } = spawnSync(join(folder, 'vmnetx'), { encoding: 'utf8' });
    assert.equal(stderr, 'vmnetx: the program is not built yet: run “npm run build”.\n');
    assert.equal(status, 69);
  });
});
