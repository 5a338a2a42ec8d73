import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'; // prettier-ignore
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseQcow2, QCOW2_HEAD_BYTES } from '../../../src/core/image/index.js';
import { prepareDisk } from '../../../src/core/publish/index.js';

describe('prepareDisk', () => {
  const { signal } = new AbortController();
  let directory = '';
  let outPath = '';

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'prepare-disk-'));
    outPath = join(directory, 'out');
  });

  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  /** A raw disk of 8 MiB, half of it text that compresses well, a bit of it noise. */
  function rawDisk(): string {
    const path = join(directory, 'disk, raw:1');
    writeFileSync(path, Buffer.concat([Buffer.alloc(4 * 2 ** 20, 'text '), randomBytes(200_000)]));
    truncateSync(path, 8 * 2 ** 20);
    return path;
  }

  function qemuImg(...options: string[]): void {
    execFileSync('qemu-img', options, { cwd: directory, stdio: ['ignore', 'ignore', 'inherit'] });
  }

  it('makes a compressed qcow2 with the same content', async () => {
    const path = rawDisk();
    const progress: number[] = [];
    const onProgress = (fraction: number) => progress.push(fraction);
    await prepareDisk({ path, format: 'raw', compress: true, outPath, signal, onProgress });
    qemuImg('compare', '-f', 'raw', '-F', 'qcow2', path, outPath);
    const image = readFileSync(outPath);
    assert.equal(
      parseQcow2(image.subarray(0, QCOW2_HEAD_BYTES), image.length).virtualBytes,
      2 ** 23,
    );
    assert.ok(image.length < 2 ** 20, `${image.length} bytes`);
    assert.equal(progress.at(-1), 1);
  });

  it('leaves it uncompressed when asked to', async () => {
    const path = rawDisk();
    await prepareDisk({ path, format: 'raw', compress: false, outPath, signal });
    qemuImg('compare', '-f', 'raw', '-F', 'qcow2', path, outPath);
    assert.ok(statSync(outPath).size > 4 * 2 ** 20);
  });

  it('brings along what the disk builds on', async () => {
    const base = rawDisk();
    const path = join(directory, 'overlay');
    qemuImg('create', '-f', 'qcow2', '-b', base, '-F', 'raw', path);
    await prepareDisk({ path, format: 'qcow2', compress: true, outPath, signal });
    rmSync(base);
    const image = readFileSync(outPath);
    assert.equal(
      parseQcow2(image.subarray(0, QCOW2_HEAD_BYTES), image.length).virtualBytes,
      2 ** 23,
    );
  });

  it('says what qemu-img says when the disk is damaged', async () => {
    const path = join(directory, 'noise');
    writeFileSync(path, randomBytes(100_000));
    const preparing = prepareDisk({ path, format: 'qcow2', compress: true, outPath, signal });
    await assert.rejects(preparing, {
      code: 'image-unreadable',
      status: 65,
      detail: /not in qcow2 format/,
    });
    await assert.rejects(
      prepareDisk({
        path: join(directory, 'none'),
        format: 'raw',
        compress: true,
        outPath,
        signal,
      }),
      { code: 'host-file-missing', status: 66 },
    );
  });

  it('says when qemu-img is not installed', async () => {
    const path = rawDisk();
    const searched = process.env['PATH'];
    process.env['PATH'] = directory;
    try {
      const preparing = prepareDisk({ path, format: 'raw', compress: true, outPath, signal });
      await assert.rejects(preparing, { code: 'host-program-missing', status: 69 });
    } finally {
      process.env['PATH'] = searched;
    }
  });

  it('ends qemu-img when it is told to stop', async () => {
    const path = join(directory, 'large');
    writeFileSync(path, randomBytes(20 * 2 ** 20));
    const controller = new AbortController();
    const preparing = prepareDisk({
      path,
      format: 'raw',
      compress: true,
      outPath,
      signal: controller.signal,
      onProgress: () => {
        controller.abort();
      },
    });
    await assert.rejects(preparing, { name: 'AbortError' });
    const size = existsSync(outPath) ? statSync(outPath).size : 0;
    assert.ok(size < 20 * 2 ** 20, 'ended before its end');
  });
});
