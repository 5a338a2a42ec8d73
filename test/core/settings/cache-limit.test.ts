import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCacheLimit, writeCacheLimit } from '../../../src/core/settings/index.js';

describe('the setting cache.limit', () => {
  let folder = '';
  let environment: Record<string, string> = {};
  const file = () => join(folder, 'vmnetx', 'settings.json');

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'settings-'));
    environment = { XDG_CONFIG_HOME: folder };
  });

  afterEach(async () => {
    await chmod(folder, 0o700);
    await rm(folder, { recursive: true });
  });

  async function write(text: string): Promise<void> {
    await mkdir(join(folder, 'vmnetx'), { recursive: true });
    await writeFile(file(), text);
  }

  it('is null where nobody said anything, and then nothing is made', async () => {
    assert.deepEqual(await readCacheLimit(environment), { bytes: null, from: 'default' });
    assert.deepEqual(await readdir(folder), []);
  });

  it('is bytes in settings.json, beside what else stands there', async () => {
    await writeCacheLimit(environment, 5_000_000_000);
    assert.equal(await readFile(file(), 'utf8'), '{\n  "cache.limit": 5000000000\n}\n');
    assert.equal((await stat(file())).mode & 0o777, 0o600);
    assert.deepEqual(await readCacheLimit(environment), { bytes: 5e9, from: 'settings' });
    await write('{"later": [1, {"a": null}], "cache.limit": 7, "__proto__": 1}');
    assert.deepEqual(await readCacheLimit(environment), { bytes: 7, from: 'settings' });
    await writeCacheLimit(environment, 8);
    const settings = await readFile(file(), 'utf8');
    assert.deepEqual(
      JSON.parse(settings),
      JSON.parse('{"later": [1, {"a": null}], "cache.limit": 8, "__proto__": 1}'),
    );
    await writeCacheLimit(environment, null);
    assert.deepEqual(await readCacheLimit(environment), { bytes: null, from: 'default' });
    assert.deepEqual(await readdir(join(folder, 'vmnetx')), ['settings.json']);
  });

  it('gives way to VMNETX_CACHE_LIMIT, which is a size', async () => {
    await writeCacheLimit(environment, 7);
    for (const [text, bytes] of [
      ['20G', 20 * 2 ** 30],
      ['1', 1],
    ] as const) {
      const limit = await readCacheLimit({ ...environment, VMNETX_CACHE_LIMIT: text });
      assert.deepEqual(limit, { bytes, from: 'environment' });
    }
    const empty = await readCacheLimit({ ...environment, VMNETX_CACHE_LIMIT: '' });
    assert.equal(empty.bytes, 7);
    for (const text of ['0', '-1', 'much', '1e9']) {
      await assert.rejects(readCacheLimit({ ...environment, VMNETX_CACHE_LIMIT: text }), {
        code: 'usage-arguments',
        message: /VMNETX_CACHE_LIMIT/,
      });
    }
  });

  it('is refused where it cannot be understood, and the file is left as it is', async () => {
    const texts = ['', '{', '[]', 'null', '7', '"a"', '\0'];
    const values = ['0', '-1', '1.5', '"20G"', 'null', 'true', '1e300', '[1]'];
    for (const text of [...texts, ...values.map((value) => `{"cache.limit": ${value}}`)]) {
      await write(text);
      const malformed = { code: 'settings-malformed', status: 65 };
      await assert.rejects(readCacheLimit(environment), malformed, text);
      if (texts.includes(text)) {
        await assert.rejects(writeCacheLimit(environment, 7), malformed, text);
        assert.equal(await readFile(file(), 'utf8'), text);
      }
    }
  });

  it('says so when it cannot be read or written', async () => {
    await mkdir(file(), { recursive: true });
    await assert.rejects(readCacheLimit(environment), { code: 'host-not-a-file' });
    await rm(join(folder, 'vmnetx'), { recursive: true });
    await chmod(folder, 0o500);
    await assert.rejects(writeCacheLimit(environment, 7), { code: 'host-permission', status: 77 });
    assert.deepEqual(await readdir(folder), []);
  });
});
