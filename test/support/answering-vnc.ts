import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { ENCODINGS, helloOf, update } from './rfb.js';
import { until } from './wait.js';

const WIDTH = 640;
const HEIGHT = 480;
/** Of the part of the screen that is new in an answer, in pixels. */
const PART = 16;
/** What a client says before it asks for anything: a version, a kind of log-in, and that it shares. */
const GREETING_BYTES = 14;
const REQUEST = 3;
/** So many, and a client certainly shows them. */
const UPDATES = 10;

/**
 * A VNC server on a unix socket that answers each question for what is new on its screen at once, with
 * a small part that has another colour and another place than the last.
 */
export class AnsweringVnc implements AsyncDisposable {
  readonly #server: Server;
  readonly #clients = new Set<Socket>();
  #connections = 0;
  #updates = 0;

  private constructor() {
    this.#server = createServer((client) => {
      this.#connections++;
      this.#clients.add(client);
      client.once('close', () => this.#clients.delete(client));
      client.on('error', () => undefined);
      this.#talk(client);
    });
  }

  static async start(socketPath: string): Promise<AnsweringVnc> {
    const own = new AnsweringVnc();
    own.#server.listen(socketPath);
    await once(own.#server, 'listening');
    return own;
  }

  /** How many clients there have been. */
  get connections(): number {
    return this.#connections;
  }

  /** How many updates it has sent to all of them. */
  get updates(): number {
    return this.#updates;
  }

  /** Ends all connections, and waits until there is a new one by which updates are taken. */
  async reconnect(): Promise<void> {
    const before = this.#connections;
    this.#hangUp();
    await until('there is a new connection', () => this.#connections > before);
    const enough = this.#updates + UPDATES;
    await until('it has a picture', () => this.#updates >= enough);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#hangUp();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #hangUp(): void {
    for (const client of this.#clients) client.destroy();
  }

  #talk(client: Socket): void {
    client.write(helloOf({ width: WIDTH, height: HEIGHT }));
    let unread = Buffer.alloc(0);
    let greeted = false;
    client.on('data', (data: Buffer) => {
      unread = Buffer.concat([unread, data]);
      for (;;) {
        const length = greeted ? messageLength(unread) : GREETING_BYTES;
        if (unread.length < length) return;
        if (greeted && unread[0] === REQUEST) client.write(this.#next());
        greeted = true;
        unread = unread.subarray(length);
      }
    });
  }

  #next(): Buffer {
    const turn = this.#updates++;
    return update({
      x: (PART * turn) % WIDTH,
      y: (PART * Math.floor((PART * turn) / WIDTH)) % HEIGHT,
      width: PART,
      height: PART,
      encoding: ENCODINGS.raw,
      data: Buffer.alloc(4 * PART * PART, turn),
    });
  }
}

/** Of the message that begins here, as far as that can be told, in bytes. */
function messageLength(bytes: Buffer): number {
  const [kind = NaN] = bytes;
  switch (kind) {
    case 0: // the format of pixels
      return 20;
    case 2: // the encodings
      return bytes.length < 4 ? 4 : 4 + 4 * bytes.readUInt16BE(2);
    case REQUEST:
      return 10;
    case 4: // a key
      return 8;
    case 5: // the pointer
      return 6;
    case 255: // QEMU's own kind of key
      return 12;
    default:
      return 1;
  }
}
