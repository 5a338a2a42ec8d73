import assert from 'node:assert/strict';
import { open, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Desktop } from '../../e2e/support/desktop.js';
import { GuestConsole } from '../../e2e/support/guest-console.js';
import { bomb, redescribe } from '../../e2e/support/saved-memory.js';
import { randomBytes, seeded } from '../../support/random.js';
import { eventually } from '../../support/wait.js';
import { SavedMachine } from './support/saved-machine.js';
import { SessionProcess } from './support/session-process.js';

/** Slower to load than what is kept of it, and the largest of those. */
const FORMAT = 'gzip';
/** What nobody reads of the stored memory to know its machine. */
const BEHIND_HEAD = 256 * 1024;

/** More than computers have on which tests run. */
const PROCESSORS = 64;
/** It has what QEMU does not emulate. */
const PROCESSOR = 'Icelake-Server';

describe('a session of a machine that was saved while it ran', function () {
  this.timeout(120_000);
  let desktop: Desktop;
  let machine: SavedMachine;
  let session: SessionProcess;
  let store: string;
  let memory: Buffer;

  before(async () => {
    desktop = await Desktop.prepare();
    machine = await SavedMachine.prepare(desktop.folder, [FORMAT]);
    session = new SessionProcess(desktop.environment);
    store = join(desktop.folder, 'cache/vmnetx');
    memory = await readFile(machine.memory('raw'));
  });

  afterEach(async () => {
    await session.ask('close');
    await rm(store, { recursive: true });
  });

  after(async () => {
    await session[Symbol.asyncDispose]();
    await machine[Symbol.asyncDispose]();
    await desktop[Symbol.asyncDispose]();
  });

  /** Opens the machine, which goes on where it was saved. */
  async function goesOn(url: string): Promise<void> {
    const consolePath = join(desktop.folder, 'console');
    session.open(url, consolePath);
    await session.rest('running');
    using line = await GuestConsole.open(consolePath);
    await desktop.virsh('send-key', await desktop.virsh('list', '--name'), 'KEY_A');
    // A guest that boots tells of that first.
    await line.see(/^KEY /);
    assert.equal(session.last?.refused, undefined);
  }

  /** Path of what is kept of the memory, once it is. */
  function kept(): Promise<string> {
    return eventually('the memory is kept', async () => {
      const names = await readdir(store, { recursive: true });
      const name = names.find((one) => one.endsWith('/state'));
      return name === undefined ? undefined : join(store, name);
    });
  }

  /** Opens the machine for the first time, until its memory is kept, and closes it. */
  async function keepMemory(): Promise<{ readonly url: string; readonly state: string }> {
    const url = await machine.serve(machine.memory(FORMAT));
    await goesOn(url);
    const state = await kept();
    await session.ask('close');
    return { url, state };
  }

  async function overwrite(path: string, from: number, length: number): Promise<void> {
    const file = await open(path, 'r+');
    await file.write(randomBytes(length, seeded(1)), 0, length, from);
    await file.close();
  }

  function howOften(place: string): number {
    return session.places.filter((one, at, all) => one === place && all[at - 1] !== one).length;
  }

  async function write(name: string, bytes: Buffer): Promise<string> {
    const path = join(desktop.folder, name);
    await writeFile(path, bytes);
    return path;
  }

  /** Waits until the machine runs: the memory was given up before, for this reason. */
  async function bootsWithout(code: string): Promise<void> {
    await session.rest('running');
    assert.equal(session.last?.refused, code);
    const since = session.places.slice(session.places.lastIndexOf('stopping'));
    assert.ok(since.includes('booting') && !since.includes('loading'), since.join(', '));
  }

  it('goes on from what was kept, and not from what is stored of the package', async () => {
    const { url, state } = await keepMemory();
    // Whoever reads it notices, and fetches it again.
    const data = join(dirname(state), 'data');
    await overwrite(data, BEHIND_HEAD, (await stat(data)).size - BEHIND_HEAD);
    const before = await machine.requestsFor(url, machine.memory(FORMAT));
    assert.ok(before > 0);
    await goesOn(url);
    assert.equal(await machine.requestsFor(url, machine.memory(FORMAT)), before);
    assert.equal(howOften('loading'), 1);
  });

  it('goes on from the package where what was kept is damaged, and keeps it anew', async () => {
    const { url, state } = await keepMemory();
    const { ino, size } = await stat(state);
    await overwrite(state, Math.floor(size / 2), 1000);
    await goesOn(url);
    assert.equal(howOften('loading'), 2);
    assert.notEqual((await stat(await kept())).ino, ino);
  });

  it('boots from its disk where the saved processor can do more than this one', async () => {
    const xml = (text: string): string => text.replace(/>qemu64<\/model>/, `>${PROCESSOR}</model>`);
    const other = await write('processor', redescribe(memory, xml));
    session.open(await machine.serve(other));
    await bootsWithout('memory-processor-missing');
  });

  it('boots from its disk where it gets less than it was saved with', async () => {
    const xml = (text: string): string => text.replace(/>1<\/vcpu>/, `>${PROCESSORS}</vcpu>`);
    const large = await write('large', redescribe(memory, xml));
    session.open(await machine.serve(large, xml(machine.saved.domain)));
    await session.rest('failed');
    assert.equal(session.last?.code, 'host-too-small');
    session.tell('start-with-less');
    await bootsWithout('memory-host-too-small');
  });

  it('boots from its disk where it decompresses to more than a machine can have', async () => {
    session.open(await machine.serve(await write('bomb', bomb(memory))));
    await bootsWithout('memory-too-large');
  });
});
