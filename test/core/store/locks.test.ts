import assert from 'node:assert/strict';
import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadLocks } from '../../../src/core/store/locks-addon.js';

const { EBADF, EWOULDBLOCK } = constants.errno;

describe('the addon for locks', () => {
  const { lock } = loadLocks();
  const folder = mkdtempSync(join(tmpdir(), 'locks-'));
  const opened: number[] = [];

  function open(): number {
    const file = openSync(join(folder, 'file'), 'a+');
    opened.push(file);
    return file;
  }

  afterEach(() => {
    for (const file of opened.splice(0)) closeSync(file);
  });

  after(() => {
    rmSync(folder, { recursive: true });
  });

  it('lets many share a lock, or one have it alone', () => {
    const [one, two] = [open(), open()];
    assert.deepEqual([lock(one, false), lock(two, false)], [0, 0]);
    assert.equal(lock(one, true), EWOULDBLOCK);
    closeSync(opened.pop() ?? -1);
    assert.equal(lock(one, true), 0);
    const three = open();
    assert.deepEqual([lock(three, false), lock(three, true)], [EWOULDBLOCK, EWOULDBLOCK]);
    assert.equal(lock(one, false), 0);
    assert.equal(lock(three, false), 0);
  });

  it('tells what is no open file', () => {
    const file = open();
    closeSync(opened.pop() ?? -1);
    assert.equal(lock(file, true), EBADF);
    assert.throws(() => Reflect.apply(lock, null, ['1', true]), TypeError);
    assert.throws(() => Reflect.apply(lock, null, [1]), TypeError);
  });

  it('says so when it is not built', () => {
    for (const path of ['/nonexistent.node', import.meta.filename]) {
      assert.throws(() => loadLocks(path), { code: 'host-not-built', status: 69 });
    }
  });
});
