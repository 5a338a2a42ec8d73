import assert from 'node:assert/strict';
import { readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { VmnetxError } from '../../../src/core/errors/index.js';
import { openConnection, type Connection, type Domain } from '../../../src/core/libvirt/index.js';
import { generateDomain, parseSavedDomain } from '../../../src/core/machine/index.js';
import { parseMemoryHeader, type MemoryHeader } from '../../../src/core/memory/index.js';
import { loadState } from '../../../src/core/session/load-state.js';
import { firmwareMachine, rawDisk } from '../libvirt/firmware-machine.js';
import { PLACEMENT } from '../machine/fixtures.js';
import { PrivateLibvirt } from '../../support/private-libvirt.js';

const PIECE_BYTES = 64 * 1024;
const NEVER = new AbortController().signal;

describe('a state that QEMU is to take up', function () {
  this.timeout(60_000);
  let libvirt: PrivateLibvirt;
  let connection: Connection;
  let disk: string;
  let header: MemoryHeader;
  let state: Buffer;
  let domain: Domain;
  let socket: string;

  before(async () => {
    libvirt = await PrivateLibvirt.start();
    connection = await openConnection({ uri: libvirt.uri });
    disk = join(libvirt.folder, 'disk.raw');
    await writeFile(disk, '');
    await truncate(disk, 1 << 20);
    const saved = join(libvirt.folder, 'saved');
    const xml = firmwareMachine('vmnetx-saved', rawDisk(disk));
    await (await connection.createDomain(xml, { autodestroy: true })).save(saved);
    const bytes = await readFile(saved);
    header = parseMemoryHeader(bytes, bytes.length);
    state = bytes.subarray(header.stateOffset);
  });

  beforeEach(async () => {
    socket = join(libvirt.folder, 'state');
    const placement = {
      ...PLACEMENT,
      accelerator: 'tcg' as const,
      emulator: null,
      variables: {},
      resumes: true,
      diskPath: disk,
      displaySocket: join(libvirt.folder, 'display'),
    };
    const xml = generateDomain(parseSavedDomain(header.xml).machine, placement);
    domain = await connection.createDomain(xml, { paused: true, autodestroy: true });
  });

  afterEach(async () => {
    await domain.destroy().catch(() => undefined);
  });

  after(async () => {
    await connection.close().finally(() => libvirt.stop());
  });

  async function* inPieces(bytes: Buffer): AsyncGenerator<Uint8Array, void, undefined> {
    for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
      yield bytes.subarray(at, at + PIECE_BYTES);
      await sleep(0);
    }
  }

  async function assertNotLoaded(spoilt: Buffer): Promise<void> {
    await assert.rejects(loadState(domain, socket, inPieces(spoilt), NEVER), (error: unknown) => {
      assert.ok(error instanceof VmnetxError);
      assert.deepEqual([error.code, error.status], ['memory-not-loaded', 65]);
      assert.notEqual(error.detail, '');
      return true;
    });
  }

  it('is there as it was saved, and the guest goes on when it is told to', async () => {
    await loadState(domain, socket, inPieces(state), NEVER);
    assert.equal((await domain.state()).state, 'paused');
    await domain.resume();
    assert.equal((await domain.state()).state, 'running');
    assert.deepEqual(await domain.monitorCommand('query-status'), {
      running: true,
      singlestep: false,
      status: 'running',
    });
  });

  it('is refused where it ends too early, wherever that is', async () => {
    await assertNotLoaded(state.subarray(0, Math.floor(state.length / 2)));
  });

  it('is refused where something else is in its middle', async () => {
    const middle = Math.floor(state.length / 2);
    const noise = Buffer.alloc(PIECE_BYTES, 'noise');
    await assertNotLoaded(Buffer.concat([state.subarray(0, middle), noise, state]));
  });

  it('is refused where it is nothing at all, or another program’s', async () => {
    await assertNotLoaded(Buffer.alloc(0));
  });

  it('is given up where it fails itself, with what it fails with', async () => {
    const failure = new Error('it is damaged');
    async function* failing(): AsyncGenerator<Uint8Array, void, undefined> {
      yield* inPieces(state.subarray(0, PIECE_BYTES));
      throw failure;
    }
    await assert.rejects(loadState(domain, socket, failing(), NEVER), failure);
  });

  it('is given up when it is told to', async () => {
    const cancel = new AbortController();
    async function* waiting(): AsyncGenerator<Uint8Array, void, undefined> {
      yield state.subarray(0, PIECE_BYTES);
      cancel.abort(new Error('enough'));
      await sleep(100);
      yield state.subarray(PIECE_BYTES);
    }
    await assert.rejects(loadState(domain, socket, waiting(), cancel.signal), /enough/);
  });

  it('is refused at once when QEMU ends while more of it is waited for', async () => {
    const pid = await libvirt.qemuPid(domain.name);
    const waiting = new AbortController();
    async function* stuck(): AsyncGenerator<Uint8Array, void, undefined> {
      yield state.subarray(0, PIECE_BYTES);
      process.kill(pid, 'SIGKILL');
      await sleep(60_000, undefined, { signal: waiting.signal });
    }
    const begin = performance.now();
    const loading = loadState(domain, socket, stuck(), NEVER);
    await assert.rejects(loading, { code: 'memory-not-loaded' });
    assert.ok(performance.now() - begin < 5000);
    waiting.abort();
  });

  it('is refused where QEMU stands still over it', async () => {
    const pid = await libvirt.qemuPid(domain.name);
    async function* stopping(): AsyncGenerator<Uint8Array, void, undefined> {
      yield state.subarray(0, PIECE_BYTES);
      process.kill(pid, 'SIGSTOP');
      for (let round = 0; round < 64; round++) yield* inPieces(Buffer.alloc(PIECE_BYTES));
    }
    const code = { code: 'memory-not-loaded' };
    await assert.rejects(loadState(domain, socket, stopping(), NEVER, 300), code);
    process.kill(pid, 'SIGKILL');
    await domain.destroy().catch(() => undefined);
  });
});
