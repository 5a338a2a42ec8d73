import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFileSync, chmodSync, mkdtempSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'; // prettier-ignore
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSource } from '../../../src/core/fetch/index.js';

describe('a local file as a source', () => {
  const { signal } = new AbortController();
  const content = Buffer.from(Array.from({ length: 400_000 }, (_, n) => (n * 31) % 251));
  let directory = '';
  let path = '';

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'file-source-'));
    path = join(directory, 'a');
    writeFileSync(path, content);
  });

  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  const open = (name: string) => openSource({ kind: 'file', path: name, label: name }, { signal });

  it('reads any range exactly', async () => {
    const source = await open(path);
    try {
      assert.equal(source.size, content.length);
      assert.equal(source.label, path);
      assert.deepEqual(source.head, content.subarray(0, 262_144));
      for (const [offset, length] of [
        [0, 1],
        [262_100, 100],
        [399_999, 1],
        [0, 400_000],
        [5, 0],
      ]) {
        // prettier-ignore
        const read = await source.read(offset ?? 0, length ?? 0, signal);
        assert.deepEqual(read, content.subarray(offset, (offset ?? 0) + (length ?? 0)));
      }
    } finally {
      await source.close();
      await source.close();
    }
  });

  it('notices that the file changes', async () => {
    const changes = [
      () => {
        appendFileSync(path, 'x');
      },
      () => {
        truncateSync(path, 300_000);
      },
      () => {
        utimesSync(path, 1, 1);
      },
    ];
    for (const change of changes) {
      writeFileSync(path, content);
      const source = await open(path);
      change();
      await assert.rejects(source.read(290_000, 20_000, signal), { code: 'package-changed' });
      await source.close();
    }
  });

  it('goes on with the old file when a new one takes its name', async () => {
    const source = await open(path);
    rmSync(path);
    writeFileSync(path, 'new');
    assert.deepEqual(await source.read(300_000, 10, signal), content.subarray(300_000, 300_010));
    await source.close();
  });

  it('says what cannot be opened', async () => {
    execFileSync('mkfifo', [join(directory, 'fifo')]);
    const names: readonly [string, string, number][] = [
      [join(directory, 'none'), 'reference-missing', 66],
      [join(path, 'below-a-file'), 'reference-missing', 66],
      [join(directory, 'x'.repeat(300)), 'reference-missing', 66],
      [directory, 'host-not-a-file', 65],
      [join(directory, 'fifo'), 'host-not-a-file', 65],
      ['/dev/null', 'host-not-a-file', 65],
    ];
    for (const [name, code, status] of names) {
      await assert.rejects(open(name), { name: 'VmnetxError', code, status });
    }
  });

  it('says when it is not allowed to read', async function () {
    chmodSync(path, 0);
    // Root may read everything; what the kernel says to others is asked of another account.
    if (process.getuid?.() === 0) {
      chmodSync(directory, 0o755);
      process.seteuid?.(65_534);
    }
    try {
      await assert.rejects(open(path), { code: 'host-permission', status: 77 });
    } finally {
      if (process.getuid?.() === 0) process.seteuid?.(0);
    }
  });

  it('does not read once it is given up', async () => {
    const source = await open(path);
    const gone = AbortSignal.abort();
    await assert.rejects(source.read(0, 1, gone), { name: 'AbortError' });
    await source.close();
    await assert.rejects(
      openSource({ kind: 'file', path, label: path }, { signal: gone }),
      { name: 'AbortError' }, // prettier-ignore
    );
  });
});
