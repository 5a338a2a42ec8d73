import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VmnetxError } from '../../../src/core/errors/index.js';
import { openScratchFile } from '../../../src/core/store/index.js';

const GIBIBYTE = 2 ** 30;

describe('a scratch file', () => {
  let folder = '';

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'scratch-'));
  });

  afterEach(() => {
    chmodSync(folder, 0o700);
    rmSync(folder, { recursive: true });
  });

  it('is sparse, private and without a name', async () => {
    const file = await openScratchFile(folder, 64 * GIBIBYTE);
    try {
      const { size, blocks, nlink, mode } = await file.stat();
      assert.equal(size, 64 * GIBIBYTE);
      // Some file systems need a block to say that there is nothing.
      assert.ok(blocks <= 8, String(blocks));
      assert.equal(nlink, 0);
      assert.equal(mode & 0o777, 0o600);
      assert.deepEqual(readdirSync(folder), []);
    } finally {
      await file.close();
    }
  });

  it('is read and written like any file, and reads as zero where nothing was written', async () => {
    const file = await openScratchFile(folder, 100_000);
    try {
      await file.write('far', 90_000);
      const { bytesRead, buffer } = await file.read(Buffer.alloc(20_000, 1), 0, 20_000, 80_000);
      assert.equal(bytesRead, 20_000);
      const expected = Buffer.alloc(20_000);
      expected.write('far', 10_000);
      assert.deepEqual(buffer, expected);
    } finally {
      await file.close();
    }
  });

  it('makes its folder, which only its owner can enter', async () => {
    const inner = join(folder, 'a', 'b');
    await (await openScratchFile(inner, 0)).close();
    assert.deepEqual(readdirSync(inner), []);
    for (const made of [join(folder, 'a'), inner]) {
      assert.equal(statSync(made).mode & 0o777, 0o700, made);
    }
  });

  it('says where none can be made', async () => {
    chmodSync(folder, 0o500);
    const inner = join(folder, 'inner');
    await assert.rejects(openScratchFile(inner, 0), { code: 'host-permission', status: 77 });
    await assert.rejects(openScratchFile(folder, 0), { code: 'host-permission', status: 77 });
    await assert.rejects(
      openScratchFile('/dev/null/a', 0),
      (error) => error instanceof VmnetxError,
    );
  });

  it('leaves nothing when its process is killed', async () => {
    const module = new URL('../../../src/core/store/index.js', import.meta.url).href;
    const script = `
      import { openScratchFile } from ${JSON.stringify(module)};
      const file = await openScratchFile(process.argv[1], 1_000_000);
      await file.write('something');
      process.stdout.write('written');
      setInterval(() => file.fd, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script, folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      await once(child.stdout, 'data');
    } finally {
      child.kill('SIGKILL');
    }
    await once(child, 'exit');
    assert.deepEqual(readdirSync(folder), []);
  });
});
