import assert from 'node:assert/strict';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DamagedComputer } from './support/damaged-computer.js';

describe('the check of FUSE', function () {
  this.timeout(20_000);
  let computer: DamagedComputer;

  beforeEach(async () => {
    computer = await DamagedComputer.make();
  });

  afterEach(() => computer[Symbol.asyncDispose]());

  it('makes a mount, reads it, and leaves nothing', async () => {
    const { state, found } = await computer.finding('fuse');
    assert.deepEqual([state, found], ['good', 'A mount was made, read and ended.']);
    assert.deepEqual(await computer.left(), []);
    assert.ok(!(await readFile('/proc/self/mountinfo', 'utf8')).includes('vmnetx-doctor-'));
  });

  it('makes it elsewhere where there is no private folder, which is told by itself', async () => {
    for (const folder of [undefined, join(computer.folder, 'missing')]) {
      const environment = { XDG_RUNTIME_DIR: folder, TMPDIR: computer.runtime };
      assert.equal((await computer.finding('fuse', { environment })).state, 'good');
    }
    assert.deepEqual(await computer.left(), []);
  });

  it('tells a driver that is missing from one that may not be used', async () => {
    const missing = await computer.finding('fuse', { damage: computer.devices() });
    assert.deepEqual([missing.state, missing.found], ['bad', 'There is no /dev/fuse.']);
    assert.match(missing.advice ?? '', /modprobe fuse/);
    const damage = `${computer.devices('fuse')}; chmod 0 /dev/fuse`;
    const forbidden = await computer.finding('fuse', { damage });
    assert.equal(forbidden.state, 'bad');
    assert.match(forbidden.found, /may not use \/dev\/fuse/);
  });

  it('names the package of the distribution that has fusermount3', async () => {
    const empty = join(computer.folder, 'empty');
    await mkdir(empty);
    const environment = { PATH: empty };
    const onDebian = await computer.finding('fuse', { environment });
    assert.equal(onDebian.state, 'bad');
    assert.match(onDebian.found, /fusermount3.* not installed/);
    assert.equal(onDebian.advice, 'Install it: sudo apt install fuse3');
    const elsewhere = await computer.finding('fuse', { environment, distribution: 'other' });
    assert.match(elsewhere.advice ?? '', /on Debian the package is fuse3/);
  });

  it('says why no mount can be made, and leaves nothing', async () => {
    // In a namespace of accounts fusermount3 does not become root.
    const { state, found, advice } = await computer.finding('fuse', { damage: ':' });
    assert.equal(state, 'bad');
    assert.match(found, /^A mount could not be made \(.*not permitted.*\)\.$/);
    assert.match(advice ?? '', /setuid/);
    assert.deepEqual(await computer.left(), []);
  });
});
