import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { picturePath } from '../../src/ui/picture-file.js';

describe('the file of a picture', () => {
  const taken = new Date(2026, 10, 3, 9, 5, 7);
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pictures-'));
  });

  after(() => rm(folder, { recursive: true }));

  it('has the machine’s name and the time', () => {
    const path = picturePath(folder, 'Windows 3.1', taken);
    assert.equal(path, join(folder, 'Windows 3.1 2026-11-03 09-05-07.png'));
  });

  it('takes the place of no other', async () => {
    const first = picturePath(folder, 'Twice', taken);
    await writeFile(first, '');
    const second = picturePath(folder, 'Twice', taken);
    assert.equal(basename(second), 'Twice 2026-11-03 09-05-07 2.png');
  });

  it('lies in the folder and is seen there, whatever the machine is called', () => {
    for (const name of [
      '../../etc/passwd',
      '.hidden',
      '',
      ' \u202e.',
      'a/b\\c:d',
      'x'.repeat(500),
    ]) {
      const path = picturePath(folder, name, taken);
      assert.equal(dirname(path), folder, name);
      assert.match(basename(path), /^[^.\s].* 2026-11-03 09-05-07\.png$/, name);
      assert.ok(basename(path).length < 120, name);
    }
  });
});
