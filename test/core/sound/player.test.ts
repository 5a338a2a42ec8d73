import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withinProgram } from '../../../src/core/places/index.js';
import { PLAYER } from '../../../src/core/sound/index.js';
import { HostileVnc, type VncAttack } from '../../support/hostile-vnc.js';
import { ENCODINGS, half, picture, update, word } from '../../support/rfb.js';
import { isAlive } from '../../support/private-libvirt.js';
import { SoundServer } from '../../support/sound-server.js';
import { until } from '../../support/wait.js';

const ANSWER = update({ encoding: ENCODINGS.audio });
const WRONG = 76;
/** What a program needs that uses the sound server, and some. */
const MEMORY = 32 << 20;

function message(happening: number, ...data: readonly Buffer[]): Buffer {
  return Buffer.concat([Buffer.from([255, 1]), half(happening), ...data]);
}

function samples(bytes: number, says = bytes): Buffer {
  return message(2, word(says), Buffer.alloc(bytes, 0x11));
}

const saying = (...words: readonly Buffer[]): VncAttack => ({
  says: (turn) => (turn === 0 ? Buffer.concat(words) : null),
});

const REFUSED: Readonly<Record<string, VncAttack>> = {
  'another protocol': { hello: { version: 'HTTP/1.1 200' } },
  'a log-in': { hello: { logins: Buffer.from([1, 2]) } },
  'a log-in that failed': { hello: { result: word(1) } },
  'a name of 4 GiB': { hello: { nameLength: 0xffffffff } },
  'a picture in place of sound': saying(picture(8, 8)),
  'a picture between sounds': saying(ANSWER, message(1), picture(8, 8)),
  'another message of QEMU’s own': saying(ANSWER, Buffer.from([255, 2, 0, 0])),
  'something else about sound': saying(ANSWER, message(3)),
  'samples without end': saying(ANSWER, samples(8, 0xfffffffc)),
  'half a sample': saying(ANSWER, samples(6)),
};

describe('the player of a guest’s sound', function () {
  this.timeout(20_000);
  let folder: string;
  let socket: string;
  let sounds: SoundServer;

  before(async () => {
    sounds = await SoundServer.start();
  });

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'player-'));
    socket = join(folder, 'vnc');
  });

  afterEach(() => rm(folder, { recursive: true }));

  after(() => sounds[Symbol.asyncDispose]());

  function play(word: string, environment: NodeJS.ProcessEnv = sounds.environment) {
    const player = spawn(withinProgram(PLAYER), [word], {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    player.stderr.on('data', (data: Buffer) => (said += data.toString()));
    const ended = once(player, 'close').then(() => ({ status: player.exitCode, said }));
    return { player, ended };
  }

  it('tells whether there is a sound server', async () => {
    assert.deepEqual(await play('--check').ended, { status: 0, said: '' });
    const nowhere = { PULSE_SERVER: `unix:${socket}` };
    assert.deepEqual(await play('--check', nowhere).ended, {
      status: 69,
      said: 'the sound server: Connection refused\n',
    });
  });

  it('ends where there is no VNC server, and with the one that was', async () => {
    assert.equal((await play(socket).ended).status, 0);
    assert.equal((await play(`/${'long'.repeat(100)}`).ended).status, 0);
    const server = await HostileVnc.start(socket, saying(ANSWER));
    const { ended } = play(socket);
    await until('it has been answered', () => server.said > 0);
    await server[Symbol.asyncDispose]();
    assert.equal((await ended).status, 0);
  });

  it('ends with the process that started it, however that ends', async () => {
    await using server = await HostileVnc.start(socket, saying(ANSWER));
    const words = ['-c', '"$0" "$1" & echo $!; wait', withinProgram(PLAYER), socket];
    const env = { ...process.env, ...sounds.environment };
    const starter = spawn('sh', words, { env, stdio: ['ignore', 'pipe', 'inherit'] });
    const pid = Number(String((await once(starter.stdout, 'data'))[0]));
    await until('it plays', () => server.connections > 0);
    assert.ok(isAlive(pid));
    starter.kill('SIGKILL');
    await until('it has ended', () => !isAlive(pid));
  });

  for (const [name, attack] of Object.entries(REFUSED)) {
    it(`ends at ${name}`, async () => {
      await using server = await HostileVnc.start(socket, attack);
      assert.deepEqual(await play(socket).ended, { status: WRONG, said: '' });
      assert.equal(server.connections, 1);
    });
  }

  it('keeps little of samples that come faster than they can be heard', async () => {
    const flood = Buffer.concat(Array.from({ length: 64 }, () => samples(1 << 12)));
    const attack: VncAttack = { says: (turn) => (turn === 0 ? ANSWER : flood) };
    await using server = await HostileVnc.start(socket, attack);
    const { player, ended } = play(socket);
    await until('much was said', () => server.said > 64 << 20);
    const status = await readFile(`/proc/${player.pid}/status`, 'utf8');
    assert.ok(1024 * Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) < MEMORY);
    const heard = await sounds.record(100);
    assert.ok(heard.includes(0x1111));
    player.kill();
    await ended;
  });

  it('has what is short heard whole, though nothing follows', async () => {
    const words = [message(1), samples(1024 * 4), message(0)];
    await using server = await HostileVnc.start(socket, saying(ANSWER, ...words));
    await until('all of it is heard', async () => {
      const recording = sounds.record(500);
      const { player, ended } = play(socket);
      const heard = (await recording).filter((sample) => sample !== 0);
      player.kill();
      await ended;
      return server.connections > 0 && heard.length === 1024;
    });
  });
});
