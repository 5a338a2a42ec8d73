import assert from 'node:assert/strict';
import { existsSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkout } from '../support/checkout.js';
import { run, withLibraries } from './shell.js';

describe('scripts/setup', function () {
  this.timeout(60_000);
  let folder = '';

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'setup-'));
  });

  afterEach(() => rm(folder, { recursive: true }));

  it('does nothing and says nothing when everything is there', async () => {
    const made = [
      'node_modules/.vmnetx-stamp',
      'types/.stamp',
      ...['chunkfs', 'libvirt', 'locks', 'display-guard', 'kvm-probe', 'launcher', 'sound'].map(
        (name) => `native/${name}/build/.vmnetx-stamp`,
      ),
    ].map((name) => join(checkout, name));
    for (const path of made) assert.ok(existsSync(path), `${path}: run scripts/setup first`);
    const times = () => made.map((path) => statSync(path, { bigint: true }).ctimeNs);
    const before = times();
    // If something were to be installed after all, it fails here instead.
    await writeFile(join(folder, 'npm'), '#!/bin/sh\necho npm was called; exit 1\n', {
      mode: 0o755,
    });
    const environment = { ...process.env, PATH: `${folder}:${process.env['PATH'] ?? ''}` };
    assert.deepEqual(await run(join(checkout, 'scripts/setup'), [], environment), {
      status: 0,
      stdout: '',
      stderr: '',
    });
    assert.deepEqual(times(), before);
  });

  it('builds a part again when a file of it changes, comes or goes, but not for what is built', async () => {
    const part = join(folder, 'part');
    const digest = async (): Promise<string> => {
      const { status, stdout } = await withLibraries(folder, `digest "$root/part"`);
      assert.equal(status, 0);
      return stdout;
    };
    await mkdir(join(part, 'build'), { recursive: true });
    await writeFile(join(part, 'a b'), 'one');
    const digests = [await digest()];
    await writeFile(join(part, 'build/out'), 'built');
    assert.equal(await digest(), digests[0]);
    await writeFile(join(part, 'a b'), 'two');
    digests.push(await digest());
    await rename(join(part, 'a b'), join(part, 'c'));
    digests.push(await digest());
    await writeFile(join(part, 'd'), '');
    digests.push(await digest());
    assert.equal(new Set(digests).size, 4);
  });
});
