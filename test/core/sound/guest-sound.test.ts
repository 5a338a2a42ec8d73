import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Log } from '../../../src/core/log/index.js';
import type { Environment } from '../../../src/core/places/index.js';
import { GuestSound, type Audibility } from '../../../src/core/sound/index.js';
import { HostileVnc } from '../../support/hostile-vnc.js';
import { ENCODINGS, update } from '../../support/rfb.js';
import { SoundServer } from '../../support/sound-server.js';
import { shareAt } from '../../support/tone.js';
import { until } from '../../support/wait.js';
import { LogFolder } from '../log/log-in-folder.js';
import { ToneGuest } from './support/tone-guest.js';

const HERTZ = 1000;
/** A square wave has 0.81. */
const CLEAR = 0.75;
const SOME_MILLISECONDS = 200;
/** Then a sound server that went away is looked for. */
const AGAIN_MILLISECONDS = 1000;

describe('the sound of a guest', function () {
  this.timeout(30_000);
  let server: SoundServer;
  let guest: ToneGuest;
  let told: Audibility[];

  before(async () => {
    server = await SoundServer.start();
    guest = await ToneGuest.start(HERTZ);
  });

  beforeEach(() => {
    told = [];
  });

  after(async () => {
    await guest[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  function play(
    muted: boolean,
    environment: Environment,
    log = Log.none,
    socket = guest.socket,
  ): GuestSound {
    return new GuestSound({
      socket,
      muted,
      environment,
      log,
      onChange: (audibility) => told.push(audibility),
    });
  }

  const here = (): Environment => ({ ...process.env, ...server.environment });

  const isHeard = async (): Promise<boolean> =>
    shareAt(HERTZ, await server.record(SOME_MILLISECONDS)) > CLEAR;

  const isSilent = async (): Promise<boolean> =>
    (await server.record(SOME_MILLISECONDS)).every((sample) => sample === 0);

  it('is heard at the user’s sound server, at its own pitch', async () => {
    assert.ok(await isSilent());
    const sound = play(false, here());
    await until('the tone is heard', isHeard);
    assert.ok(shareAt(HERTZ * 1.1, await server.record(SOME_MILLISECONDS)) < 0.1);
    assert.deepEqual(told, ['none', 'heard']);
    await sound.close();
    await until('it is over', isSilent);
  });

  it('is not heard while it is muted, nor wanted any more once it is closed', async () => {
    const sound = play(true, here());
    assert.ok(await isSilent());
    sound.mute(false);
    await until('the tone is heard', isHeard);
    sound.mute(true);
    await until('it is muted', isSilent);
    await sound.close();
    sound.mute(false);
    assert.deepEqual(told, ['muted', 'none', 'heard', 'muted']);
  });

  it('comes back with a sound server that was started again', async () => {
    const sound = play(false, here());
    await until('it is heard', () => told.includes('heard'));
    await server.stop();
    await until('nobody hears it', () => told.at(-1) === 'none');
    await server.start();
    await until('it is heard again', () => told.at(-1) === 'heard');
    await until('the tone is heard', isHeard);
    await sound.close();
  });

  it('is not asked for again where something else is said', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'nonsense-'));
    const socket = join(folder, 'vnc');
    const nonsense = Buffer.concat([
      update({ encoding: ENCODINGS.audio }),
      Buffer.from('nonsense'),
    ]);
    await using vnc = await HostileVnc.start(socket, {
      says: (turn) => (turn === 0 ? nonsense : null),
    });
    const sound = play(false, here(), Log.none, socket);
    await until('it has ended', () => told.length === 3);
    await sleep(AGAIN_MILLISECONDS * 1.3);
    assert.equal(vnc.connections, 1);
    assert.deepEqual(told, ['none', 'heard', 'none']);
    await sound.close();
    await rm(folder, { recursive: true });
  });

  it('is none where there is no sound server, which the log says, and none is started', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mute-'));
    try {
      const daemon = join(folder, 'daemon');
      await writeFile(daemon, '#!/bin/sh\ntouch "$0-was-started"\n', { mode: 0o755 });
      const settings = join(folder, 'client.conf');
      await writeFile(settings, `autospawn = yes\ndaemon-binary = ${daemon}\n`);
      const own = { HOME: folder, XDG_RUNTIME_DIR: folder, PULSE_CLIENTCONFIG: settings };
      await using logs = await LogFolder.make();
      const { log } = await logs.begin();
      const sound = play(false, { ...process.env, ...own }, log);
      await until('there is none', () => told.length === 2);
      assert.deepEqual(told, ['none', 'none']);
      assert.deepEqual(
        (await readdir(folder)).filter((name) => name.startsWith('daemon-')),
        [],
      );
      await sound.close();
      await log.close();
      const line =
        'window info The guest is not heard reason="the sound server: Connection refused"';
      assert.equal((await logs.lines()).at(-1), line);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
