import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'; // prettier-ignore
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSource } from '../../../src/core/fetch/index.js';
import { openPackage } from '../../../src/core/package/index.js';
import { writePackage, writeReference } from '../../../src/core/publish/index.js';
import { parseReference } from '../../../src/core/reference/index.js';

const { signal } = new AbortController();
let directory = '';

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'write-package-'));
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

describe('writePackage', () => {
  const disk = randomBytes(3_000_001);
  const domainXml = '<domain type="kvm">ü</domain>';

  function write(
    outName: string,
    options: { signal?: AbortSignal; onProgress?: (done: number, total: number) => void } = {},
  ): Promise<void> {
    // prettier-ignore
    const diskPath = join(directory, 'the disk');
    writeFileSync(diskPath, disk);
    return writePackage({
      name: 'Größe & <b>',
      domainXml,
      disk: { path: diskPath },
      outPath: join(directory, outName),
      signal,
      ...options,
    });
  }

  it('writes what our reader and Python read', async () => {
    const progress: [number, number][] = [];
    await write('a.nxpk', { onProgress: (done, total) => progress.push([done, total]) });
    const path = join(directory, 'a.nxpk');
    const source = await openSource({ kind: 'file', path, label: path }, { signal });
    try {
      const opened = await openPackage(source, signal);
      assert.equal(opened.name, 'Größe & <b>');
      assert.equal(opened.domainXml.toString(), domainXml);
      assert.equal(opened.memory, null);
      assert.equal(opened.disk.offset % 4096, 0);
      const { offset, storedBytes } = opened.disk;
      assert.deepEqual(await source.read(offset, storedBytes, signal), disk);
    } finally {
      await source.close();
    }
    const script = 'import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; print(z.namelist(), z.comment)'; // prettier-ignore
    const listed = execFileSync('python3', ['-c', script, path]).toString().trim();
    assert.equal(listed, "['vmnetx-package.xml', 'domain.xml', 'disk.img'] b'VMNetX package'");
    assert.deepEqual(progress.at(-1), [disk.length, disk.length]);
  });

  it('begins with the manifest, so that the file is known by its magic', async () => {
    await write('a.nxpk');
    const start = readFileSync(join(directory, 'a.nxpk')).subarray(0, 48).toString('latin1');
    assert.ok(start.startsWith('PK\u0003\u0004'));
    assert.equal(start.slice(30), 'vmnetx-package.xml');
  });

  it('gives the same bytes for the same content, readable as other new files are', async () => {
    await write('a.nxpk');
    await write('b.nxpk');
    const read = (name: string) => readFileSync(join(directory, name));
    assert.ok(read('a.nxpk').equals(read('b.nxpk')));
    writeFileSync(join(directory, 'ordinary'), '');
    const modeOf = (name: string) => statSync(join(directory, name)).mode;
    assert.equal(modeOf('a.nxpk'), modeOf('ordinary'));
  });

  it('leaves the old package and nothing else when it is interrupted', async () => {
    writeFileSync(join(directory, 'a.nxpk'), 'old');
    const controller = new AbortController();
    const writing = write('a.nxpk', {
      signal: controller.signal,
      onProgress: () => {
        controller.abort();
      },
    });
    await assert.rejects(writing, { name: 'AbortError' });
    assert.equal(readFileSync(join(directory, 'a.nxpk'), 'utf8'), 'old');
    assert.deepEqual(readdirSync(directory).sort(), ['a.nxpk', 'the disk']);
  });

  it('says where it cannot write, and leaves nothing', async () => {
    mkdirSync(join(directory, 'folder'));
    writeFileSync(join(directory, 'folder', 'x'), '');
    await assert.rejects(write('none/a.nxpk'), { code: 'host-file-missing', status: 66 });
    await assert.rejects(write('folder'), { code: 'host-not-a-file' });
    const missing = { path: join(directory, 'no disk') };
    await assert.rejects(
      writePackage({ name: 'A', domainXml, disk: missing, outPath: join(directory, 'b'), signal }),
      { code: 'host-file-missing', message: /no disk/ },
    );
    assert.deepEqual(readdirSync(directory).sort(), ['folder', 'the disk']);
  });
});

describe('writeReference', () => {
  it('writes a reference that can be read', async () => {
    const path = join(directory, 'a.netx');
    await writeReference('HTTPS://Example.org/a.nxpk?b=c', path);
    assert.equal(parseReference(readFileSync(path), path).href, 'https://example.org/a.nxpk?b=c');
    assert.deepEqual(readdirSync(directory), ['a.netx']);
  });

  it('refuses what no reader would open, and passwords', async () => {
    for (const url of ['file:///x', 'example.org', 'http://user:geheim@example.org/a']) {
      await assert.rejects(writeReference(url, join(directory, 'a.netx')), {
        code: 'reference-url-refused',
        message: /^(?!.*geheim)/,
      });
    }
    assert.deepEqual(readdirSync(directory), []);
  });
});
