import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildGuest } from '../../scripts/guest.js';

describe('Building a guest', () => {
  let cacheDirectory: string;

  beforeEach(async () => {
    cacheDirectory = await mkdtemp(join(tmpdir(), 'guest & <cache>-'));
  });

  afterEach(async () => {
    await rm(cacheDirectory, { recursive: true, force: true });
  });

  it('makes a bootable disk and a domain XML that names it', async () => {
    const { directory, disk, domainXml } = await buildGuest('firmware', { cacheDirectory });
    assert.deepEqual((await readdir(directory)).sort(), ['disk.raw', 'firmware.xml']);
    const sector = (await readFile(disk)).subarray(0, 512);
    assert.equal(sector.readUInt16LE(510), 0xaa55);
    const named = disk.replace('&', '&amp;').replace('<', '&lt;');
    assert.ok((await readFile(domainXml, 'utf8')).includes(`<source file="${named}"/>`));
  });

  it('is done once for the same inputs, and leaves nothing else behind', async () => {
    const first = await buildGuest('firmware', { cacheDirectory });
    const { ino } = await stat(first.disk);
    assert.deepEqual(await buildGuest('firmware', { cacheDirectory }), first);
    assert.equal((await stat(first.disk)).ino, ino);
    assert.equal((await readdir(join(cacheDirectory, 'guest'))).length, 1);
  });

  it('done by several at once gives all of them the same guest', async () => {
    const guests = await Promise.all(
      [1, 2, 3].map(() => buildGuest('firmware', { cacheDirectory })),
    );
    assert.equal(new Set(guests.map(({ directory }) => directory)).size, 1);
  });

  it('ends at once when it is aborted, and leaves nothing half done', async () => {
    const reason = new Error('enough');
    const abort = new AbortController();
    const building = buildGuest('firmware', { cacheDirectory }, abort.signal);
    abort.abort(reason);
    await assert.rejects(building, reason);
    const left = await readdir(join(cacheDirectory, 'guest')).catch(() => []);
    assert.deepEqual(
      left.filter((name) => name.startsWith('new.')),
      [],
    );
  });

  it('says what is wrong with its options', async () => {
    await assert.rejects(buildGuest('demo', { cacheDirectory, dataMebibytes: -1 }), /usage:/);
  });
});
