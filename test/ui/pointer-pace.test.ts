import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { HostileVnc } from '../support/hostile-vnc.js';
import { pointerEvents } from '../support/rfb-client.js';
import { ENCODINGS, update } from '../support/rfb.js';
import { CLIENT_HELLO, pointerEvent as pointer, VncClient } from '../support/vnc-client.js';
import { until } from '../support/wait.js';

/** What a relative pointer says that does not move. */
const STILL = 0x7fff;
const LEFT = 1;

const key = Buffer.from([255, 0, 0, 1, 0, 0, 0, 65, 0, 0, 0, 30]);
const request = Buffer.from([3, 1, 0, 0, 0, 0, 0, 9, 0, 9]);

describe('the pace of the pointer', () => {
  let folder: string;
  let server: HostileVnc;
  let client: VncClient;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pointer-pace-'));
  });

  afterEach(async () => {
    client[Symbol.dispose]();
    await server[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  /** A client of a server that wants to hear where the pointer is, or how far it moves. */
  async function connect(mostMotions: number, isAbsolute = true): Promise<void> {
    const socketPath = join(folder, 'vnc');
    const wants = update({ x: isAbsolute ? 1 : 0, encoding: ENCODINGS.pointerType });
    server = await HostileVnc.start(socketPath, { says: (turn) => (turn === 0 ? wants : null) });
    client = await VncClient.connect(socketPath, mostMotions);
  }

  const heard = () => pointerEvents(server.heard).map(({ buttons, x, y }) => [buttons, x, y]);

  async function hears(...expected: readonly (readonly number[])[]): Promise<void> {
    await until('all is heard', () => heard().length >= expected.length);
    assert.deepEqual(heard(), expected);
  }

  it('is as it comes where the guest can take all', async () => {
    await connect(0);
    client.say(...[1, 2, 3].map((x) => pointer(0, x, x)));
    await hears([0, 1, 1], [0, 2, 2], [0, 3, 3]);
  });

  it('is that of the guest, to which the last place comes in time', async () => {
    await connect(20);
    const begin = performance.now();
    for (let x = 1; x <= 60; x++) {
      client.say(pointer(0, x, 7), request);
      await sleep(5);
    }
    await until('the last place is heard', () => heard().at(-1)?.[1] === 60);
    const took = performance.now() - begin;
    const most = 1 + Math.ceil(took / 50);
    assert.ok(heard().length <= most && heard().length >= 5, `${heard().length} of ${most}`);
  });

  it('loses and delays no button, and no place before it', async () => {
    await connect(1);
    const words = [pointer(0, 1, 1), pointer(0, 2, 2), pointer(0, 3, 3), pointer(LEFT, 3, 3)];
    client.say(...words, pointer(LEFT, 9, 9), pointer(0, 9, 9));
    await hears([0, 1, 1], [0, 3, 3], [LEFT, 3, 3], [LEFT, 9, 9], [0, 9, 9]);
  });

  it('lets no key overtake the pointer', async () => {
    await connect(1);
    client.say(pointer(0, 1, 1), pointer(0, 2, 2), key);
    await until('the key is heard', () => server.heard.includes(key));
    const words = [CLIENT_HELLO, pointer(0, 1, 1), pointer(0, 2, 2), key];
    assert.deepEqual(server.heard, Buffer.concat(words));
  });

  it('adds up the motions of a pointer that says how far it moves', async () => {
    await connect(1, false);
    const by = (x: number, y: number) => pointer(0, STILL + x, STILL + y);
    client.say(by(1, 1), by(5, -3), by(-2, -4), by(10, 0), pointer(LEFT, STILL, STILL));
    await hears([0, STILL + 1, STILL + 1], [0, STILL + 13, STILL - 7], [LEFT, STILL, STILL]);
  });

  it('has no motion farther than there are numbers for', async () => {
    await connect(1, false);
    for (let i = 0; i < 4; i++) client.say(pointer(0, STILL + 20_000, STILL));
    client.say(pointer(LEFT, STILL, STILL));
    await until('the button is heard', () => heard().at(-1)?.[0] === LEFT);
    const moved = heard().reduce((sum, [, x = 0]) => sum + x - STILL, 0);
    assert.equal(moved, 80_000);
  });
});
