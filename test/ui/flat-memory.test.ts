import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AnsweringVnc } from '../support/answering-vnc.js';
import { until } from '../support/wait.js';
import { ShownWindow } from './support/shown-window.js';

const UPDATES = 20_000;
const CONNECTIONS = 10;
/** A new display for each connection would be 12 MiB, and 1 KiB kept of each update 20 MiB. */
const MORE_MEMORY = 6 << 20;

describe('the memory of a window', function () {
  this.timeout(60_000);
  let folder: string;
  let server: AnsweringVnc;
  let window: ShownWindow;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'flat-memory-'));
    const displaySocket = join(folder, 'vnc');
    server = await AnsweringVnc.start(displaySocket);
    window = new ShownWindow();
    await window.asked('shown');
    window.feed({ phase: 'running', name: 'Memory', displaySocket, accelerator: 'kvm' });
    await updates(UPDATES / 10);
    await server.reconnect();
  });

  after(async () => {
    await window[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  async function updates(count: number): Promise<void> {
    const end = server.updates + count;
    await until('the updates are shown', () => server.updates >= end, 30_000);
  }

  async function staysDuring(work: () => Promise<void>): Promise<void> {
    const before = await window.memory();
    await work();
    const more = (await window.memory()) - before;
    assert.ok(more < MORE_MEMORY, `${more} bytes more`);
  }

  it('stays as it is while the screen changes', () => staysDuring(() => updates(UPDATES)));

  it('stays as it is when the screen is lost and found again', () =>
    staysDuring(async () => {
      for (let times = 0; times < CONNECTIONS; times++) await server.reconnect();
    }));
});
