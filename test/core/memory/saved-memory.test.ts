import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { command } from '../../../scripts/command.js';
import {
  checkedState,
  decompress,
  maxStateBytes,
  parseMemoryHeader,
  readSavedMemory,
  type Compression,
} from '../../../src/core/memory/index.js';
import { suspendedPackage } from '../../hostile/support/memory-image.js';
import { MemorySource } from '../../support/memory-source.js';
import { output } from '../../support/programs.js';
import { SAVED_FORMATS, SAVED_XML, savedMachine, saveMachine } from './save-machine.js';
import { withStored } from './stored-file.js';

const { signal } = new AbortController();
const MEMORY_BYTES = 32 * 2 ** 20;
const TYPE = 'pc-i440fx-7.2';

describe('memory that libvirt saved', function () {
  this.timeout(60_000);
  const saved = new Map<string, Buffer>();

  before(async () => {
    await Promise.all(
      SAVED_FORMATS.map(async (format) => saved.set(format, await saveMachine(format))),
    );
    saved.set('zstd', recompressed(bytesOf('raw')));
  });

  function bytesOf(format: string): Buffer {
    return saved.get(format) ?? Buffer.alloc(0);
  }

  /** As newer libvirt does: the state compressed by zstd, and its number in the header. */
  function recompressed(raw: Buffer): Buffer {
    const { stateOffset } = parseMemoryHeader(raw, raw.length);
    const head = Buffer.from(raw.subarray(0, stateOffset));
    head.writeUInt32LE(5, 28);
    return Buffer.concat([head, tool('zstd', ['-c'], raw.subarray(stateOffset))]);
  }

  function tool(program: string, options: readonly string[], input: Buffer): Buffer {
    return execFileSync(program, options, { input, maxBuffer: 2 ** 28 });
  }

  const formats: readonly (readonly [format: string, compression: Compression])[] = [
    ['raw', 'none'],
    ['gzip', 'gzip'],
    ['bzip2', 'bzip2'],
    ['xz', 'xz'],
    ['lzop', 'lzop'],
    ['zstd', 'zstd'],
  ];
  for (const [format, compression] of formats) {
    it(`is read and decompressed to QEMU’s state as it was: ${format}`, async () => {
      const stored = bytesOf(format);
      const source = new MemorySource(Buffer.concat([Buffer.alloc(100), stored, Buffer.alloc(9)]));
      const place = { offset: 100, length: stored.length };
      const memory = await readSavedMemory(source, place, savedMachine(), signal);
      assert.equal(memory.compression, compression);
      assert.equal(memory.accelerator, 'tcg');
      assert.equal(memory.machine.type, TYPE);
      assert.equal(memory.machine.memoryBytes, MEMORY_BYTES);
      const { offset, length } = memory.state;
      assert.equal(offset + length, 100 + stored.length);
      assert.deepEqual(
        source.reads.map(([at]) => at),
        [100],
      );

      const state = await source.read(offset, length, signal);
      const plain = compression === 'none' ? state : tool(compression, ['-dc'], state);
      const maxBytes = maxStateBytes(MEMORY_BYTES);
      const how = { compression, maxBytes, signal };
      const parts: Uint8Array[] = [];
      await withStored(state, async ({ fd }) => {
        for await (const bytes of checkedState(decompress(fd, how), TYPE)) parts.push(bytes);
      });
      assert.ok(Buffer.concat(parts).equals(plain));
      assert.ok(plain.length > 400_000, `${plain.length} bytes`);
    });
  }

  it('names what libvirt notes besides, where it does', () => {
    const { cookie } = parseMemoryHeader(bytesOf('xz'), bytesOf('xz').length);
    assert.match(String(cookie), /^<cookie>[^]*<model fallback='forbid'>qemu64<\/model>/);
  });

  it('is told of by info, as it is stored in its package', async () => {
    const memory = bytesOf('xz');
    const folder = await mkdtemp(join(tmpdir(), 'saved-'));
    try {
      const path = join(folder, 'a.nxpk');
      await writeFile(path, suspendedPackage(memory, { domain: SAVED_XML }));
      const told: unknown = JSON.parse(await output(command('vmnetx'), 'info', '--json', path));
      assert.ok(typeof told === 'object' && told !== null && 'memory' in told);
      assert.deepEqual(told.memory, {
        member: 'memory.img',
        offset: (await readFile(path)).indexOf('LibvirtQemudSave'),
        storedBytes: memory.length,
        compression: 'xz',
        ramBytes: MEMORY_BYTES,
      });
      const text = await output(command('vmnetx'), 'info', path);
      assert.match(text, /^Saved: {7}32 MiB of memory, stored as xz in [\d.]+ [KM]iB$/m);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('is refused where it is that of another machine', async () => {
    const source = new MemorySource(bytesOf('raw'));
    const place = { offset: 0, length: source.size };
    const other = { ...savedMachine(), vcpus: 2 };
    await assert.rejects(readSavedMemory(source, place, other, signal), {
      code: 'memory-other-machine',
      message: 'The saved memory is that of another machine: its number of processors differs.',
    });
  });
});
