import assert from 'node:assert/strict';
import { appendFile, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { followLog, type LogPlace } from '../../../src/core/log/index.js';

describe('a log that is followed', () => {
  let place: LogPlace;
  const path = (): string => join(place.directory, place.name);

  beforeEach(async () => {
    const directory = await mkdtemp(join(tmpdir(), 'log-'));
    place = { directory, name: 'one.log', level: 'info' };
  });

  afterEach(() => rm(place.directory, { recursive: true }));

  /** What comes until so many texts have come. */
  async function followed(
    texts: number,
    maxBytes: number,
    onText: (count: number) => Promise<void> = () => Promise.resolve(),
  ): Promise<readonly string[]> {
    const told: string[] = [];
    const stop = new AbortController();
    for await (const text of followLog(place, maxBytes, stop.signal)) {
      told.push(text);
      await onText(told.length);
      if (told.length === texts) stop.abort();
    }
    return told;
  }

  it('begins with its last whole lines, and goes on with what is written', async () => {
    await writeFile(path(), 'first\nsecond ä\nthird\nunfin');
    const told = await followed(2, 18, async (count) => {
      if (count === 1) await appendFile(path(), 'ished\nand one more\n');
    });
    assert.deepEqual(told, ['third\n', 'unfinished\nand one more\n']);
  });

  it('is told line by line, wherever a writer was interrupted', async () => {
    const rest = Buffer.from('ä\n');
    await writeFile(path(), Buffer.concat([Buffer.from('one\n'), rest.subarray(0, 1)]));
    const told = await followed(2, 1000, async (count) => {
      if (count === 1) await appendFile(path(), rest.subarray(1));
    });
    assert.deepEqual(told, ['one\n', 'ä\n']);
  });

  it('is nothing where there is none, and where it is only a link', async () => {
    assert.deepEqual(await followed(1, 1000), []);
    await writeFile(join(place.directory, 'other'), 'a line\n');
    await symlink(join(place.directory, 'other'), path());
    assert.deepEqual(await followed(1, 1000), []);
    const signal = new AbortController().signal;
    for await (const text of followLog(null, 1000, signal)) assert.fail(text);
  });
});
