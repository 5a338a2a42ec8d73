import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadDisplayGuard } from '../../src/ui/display-guard.js';
import { HostileVnc, type VncAttack } from '../support/hostile-vnc.js';
import {
  bell,
  cutText,
  ENCODINGS,
  half,
  helloOf,
  picture,
  PIXEL_FORMAT,
  resize,
  update,
  word,
} from '../support/rfb.js';
import { until } from '../support/wait.js';
import { PASSED_OVER, REFUSED } from '../support/vnc-attacks.js';

const CLIENT_HELLO = Buffer.concat([Buffer.from('RFB 003.008\n'), Buffer.from([1, 1])]);

/** What the guard says for a name that it keeps to itself. */
const HELLO = helloOf({ nameLength: 0 }).subarray(0, -4);

describe('the guard of the display', () => {
  const guard = loadDisplayGuard();
  let folder: string;
  let socketPath: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'display-guard-'));
    socketPath = join(folder, 'vnc');
  });

  afterEach(() => rm(folder, { recursive: true }));

  function openSocket(path: string, mostMotions = 0): Socket {
    return new Socket({ fd: guard.connect(path, mostMotions), readable: true, writable: true });
  }

  /** A client that has said what all say at first, and keeps what it hears. */
  function connect(): { readonly client: Socket; readonly heard: () => Buffer } {
    const client = openSocket(socketPath);
    const parts: Buffer[] = [];
    client.on('data', (data: Buffer) => parts.push(data));
    client.on('error', () => undefined);
    client.write(CLIENT_HELLO);
    return { client, heard: () => Buffer.concat(parts) };
  }

  /** A server that says this once. */
  const saying = (...words: readonly Buffer[]): VncAttack => ({
    says: (turn) => (turn === 0 ? Buffer.concat(words) : null),
  });

  async function passesOn(words: readonly Buffer[], expected: readonly Buffer[]): Promise<void> {
    await using server = await HostileVnc.start(socketPath, saying(...words));
    const { client, heard } = connect();
    const whole = Buffer.concat([HELLO, ...expected]);
    await until('the client has heard all', () => heard().length >= whole.length);
    assert.ok(heard().equals(whole));
    assert.equal(server.connections, 1);
    assert.ok(!client.destroyed);
    client.destroy();
  }

  it('passes on pixels, sizes, cursors, pointers, lamps and kinds of keys as they are', async () => {
    const words = [
      picture(640, 480),
      resize(800, 600),
      update({
        width: 800,
        height: 600,
        encoding: ENCODINGS.raw,
        data: Buffer.alloc(1_920_000, 1),
      }),
      update({ width: 99, height: 9, encoding: ENCODINGS.copyRectangle, data: half(701, 591) }),
      update({ x: 16, y: 8, width: 17, height: 9, encoding: ENCODINGS.richCursor, data: Buffer.alloc(17 * 9 * 4 + 3 * 9, 2) }), // prettier-ignore
      update({ encoding: ENCODINGS.richCursor }),
      update({ width: 512, height: 1, encoding: ENCODINGS.alphaCursor, data: Buffer.concat([word(0), Buffer.alloc(2048, 3)]) }), // prettier-ignore
      update(
        { x: 1, encoding: ENCODINGS.pointerType },
        { encoding: ENCODINGS.extendedKeyEvent },
        { width: 1, height: 1, encoding: ENCODINGS.ledState, data: Buffer.from([7]) },
      ),
      update(),
    ];
    await passesOn(words, words);
  });

  it('passes over bells, texts for the clipboard and the screen’s name', async () => {
    const words = [bell(), cutText(Buffer.alloc(100_000, 65)), bell(), cutText(Buffer.alloc(0))];
    await passesOn([...words, picture(1, 1)], [picture(1, 1)]);
  });

  it('offers the server only the encodings that it may use', async () => {
    await using server = await HostileVnc.start(socketPath, saying());
    const { client } = connect();
    const format = Buffer.concat([word(0), PIXEL_FORMAT]);
    const key = Buffer.from([4, 1, 0, 0, 0, 0, 0, 65]);
    const encodings = (...list: readonly number[]) =>
      Buffer.concat([half(2 << 8, list.length), word(...list)]);
    const { hextile, raw, richCursor, tight, desktopSize } = ENCODINGS;
    client.write(Buffer.concat([format, encodings(tight, richCursor, hextile, desktopSize, raw)]));
    client.write(key);
    const expected = Buffer.concat([
      CLIENT_HELLO,
      format,
      encodings(richCursor, desktopSize, raw),
      key,
    ]);
    await until('the server has heard all', () => server.heard.length >= expected.length);
    assert.deepEqual(server.heard, expected);
    client.destroy();
  });

  it('ends the connection with either side', async () => {
    const server = await HostileVnc.start(socketPath, saying());
    const { client, heard } = connect();
    await until('there is a connection', () => heard().length === HELLO.length);
    client.destroy();
    await until('the server has seen the end', () => server.clients === 0);

    const other = connect();
    await until('there is another connection', () => other.heard().length === HELLO.length);
    const closed = once(other.client, 'close');
    await server[Symbol.asyncDispose]();
    await closed;
  });

  it('ends the connection at once where there is no server', async () => {
    for (const path of [socketPath, join(folder, 'a'.repeat(200))]) {
      const client = openSocket(path);
      client.resume();
      await once(client, 'close');
    }
  });

  it('does not wait for a server that takes no clients', async () => {
    const script = `import socket, time
server = socket.socket(socket.AF_UNIX)
server.bind('${socketPath}')
server.listen(1)
print('listens', flush=True)
time.sleep(60)`;
    const server = spawn('python3', ['-c', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      await once(server.stdout, 'data');
      const clients = Array.from({ length: 9 }, () => openSocket(socketPath).resume());
      await once(clients.at(-1) ?? server, 'close');
      for (const client of clients) client.destroy();
    } finally {
      server.kill();
      await once(server, 'close');
    }
  });

  for (const [name, attack] of Object.entries(REFUSED)) {
    it(`ends the connection at ${name}, and passes nothing of it on`, async () => {
      await using server = await HostileVnc.start(socketPath, attack);
      const { client, heard } = connect();
      await once(client, 'close');
      assert.equal(server.connections, 1);
      // What is right before the first mistake may pass.
      assert.ok(heard().length < 100, `${heard().length} bytes`);
    });
  }

  for (const [name, attack] of Object.entries(PASSED_OVER)) {
    it(`passes nothing on of ${name}`, async () => {
      await using server = await HostileVnc.start(socketPath, attack);
      const { client, heard } = connect();
      await until('much was said', () => server.said > 1_000_000);
      assert.ok(heard().equals(HELLO));
      client.destroy();
    });
  }

  it('lets the screen change its size as often as a window can follow', async () => {
    const sizes: VncAttack = { says: (turn) => resize(1024, 768 - (turn % 2)) };
    await using server = await HostileVnc.start(socketPath, sizes);
    const { client, heard } = connect();
    const begin = performance.now();
    const size = resize(1, 1).length;
    await until('there were ten sizes', () => heard().length >= HELLO.length + 10 * size);
    const took = performance.now() - begin;
    assert.ok(took > 9 * 47, `${took} ms`);
    client.destroy();
    assert.equal(server.connections, 1);
  });
});
