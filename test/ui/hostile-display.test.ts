import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { HostileVnc, type VncAttack } from '../support/hostile-vnc.js';
import { picture } from '../support/rfb.js';
import { FLOODS, REFUSED } from '../support/vnc-attacks.js';
import { eventually, until } from '../support/wait.js';
import { ShownWindow } from './support/shown-window.js';

const SCREEN = 'Screen of the machine';
const OPENING = 'Opening the machine’s screen…';
const NO_SCREEN = 'What the machine sends is no screen. Restart it, or close the window.';
/** What GtkVnc by itself does not survive. */
const DEADLY = [
  'a screen of 65,535 × 65,535',
  'a resize to 65,535 × 65,535',
  'a resize to 65,535 × 1',
  'a resize with 255 screens',
  'a cursor of 65,535 × 65,535',
  'packed pixels of 2 GiB',
];
/** Three pictures of the largest size that a screen may have, 64 MiB each, and some. */
const MORE_MEMORY = 256 << 20;
/** How long a flood lasts. */
const FLOOD_MILLISECONDS = 700;
const RESPONSE_MILLISECONDS = 5000;

describe('the window of a machine that has taken QEMU over', function () {
  this.timeout(60_000);
  let folder: string;
  let window: ShownWindow;
  let memoryBefore: number;
  let sockets = 0;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hostile-display-'));
    window = new ShownWindow();
    await window.asked('shown');
    // With all that the display needs loaded.
    await using server = await attacked({
      says: (turn) => (turn === 0 ? picture(640, 480) : null),
    });
    await until('the picture was taken', () => server.said > 0);
    await window.element(SCREEN);
    memoryBefore = await window.memory();
  });

  after(async () => {
    await window[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  /** The window shows, or tries to show, the screen of this server. */
  async function attacked(attack: VncAttack): Promise<HostileVnc> {
    const displaySocket = join(folder, String(sockets++));
    const server = await HostileVnc.start(displaySocket, attack);
    window.feed({ phase: 'running', name: 'Hostile', displaySocket, accelerator: 'tcg' });
    return server;
  }

  async function hasBoundedMemory(): Promise<void> {
    const more = (await window.memory()) - memoryBefore;
    assert.ok(more < MORE_MEMORY, `${more >> 20} MiB more`);
  }

  it('is never larger than there is room for', async () => {
    await using server = await attacked({ hello: { width: 8192, height: 2048 } });
    await window.element(SCREEN);
    const { width, height } = await eventually('it has the shape of the screen', async () => {
      const { place } = await window.element(SCREEN);
      return Math.abs(place.width / place.height - 4) < 0.1 ? place : undefined;
    });
    assert.ok(width <= 1280 && height <= 1024, `${width} × ${height}`);
    assert.equal(server.connections, 1);
  });

  for (const name of DEADLY) {
    it(`stays, and tries again, at ${name}`, async () => {
      await using server = await attacked(REFUSED[name] ?? {});
      await until('it tried again', () => server.connections >= 2);
      await hasBoundedMemory();
    });
  }

  it('says that there is no screen, and shows one that comes later', async () => {
    const displaySocket = join(folder, String(sockets));
    {
      await using server = await attacked({ hello: { width: 0 } });
      // Then nothing on the screen is about the server before.
      await until('it is tried', () => server.connections > 0);
      await window.element(OPENING);
      await window.element(NO_SCREEN);
      assert.ok(server.connections >= 10);
    }
    await using server = await HostileVnc.start(displaySocket, {});
    await window.element(SCREEN);
    assert.equal(server.connections, 1);
  });

  for (const [name, attack] of Object.entries(FLOODS)) {
    it(`answers within bounded memory in a flood of ${name}`, async () => {
      await using server = await attacked(attack);
      await until('the flood has begun', () => server.said > 0);
      await window.element(SCREEN);
      await sleep(FLOOD_MILLISECONDS);
      const begin = performance.now();
      window.feed({ phase: 'ended', how: 'shut-down' });
      await window.element('The machine has shut down.');
      assert.ok(performance.now() - begin < RESPONSE_MILLISECONDS);
      assert.equal(server.connections, 1);
      await hasBoundedMemory();
    });
  }

  it('ends in time, and has said nothing on standard error', async () => {
    await using server = await attacked(FLOODS['pictures'] ?? {});
    await until('the flood has begun', () => server.said > 0);
    const begin = performance.now();
    window.signal('SIGTERM');
    assert.deepEqual(await window.ended, { status: 0, stderr: '' });
    assert.ok(performance.now() - begin < 5000);
  });
});
