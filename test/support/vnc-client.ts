import { Socket } from 'node:net';
import { loadDisplayGuard } from '../../src/ui/display-guard.js';
import { ENCODINGS, half, word } from './rfb.js';
import { until } from './wait.js';

/** What a client says at first: version, log-in, sharing, and which encodings it knows. */
export const CLIENT_HELLO = Buffer.concat([
  Buffer.from('RFB 003.008\n'),
  Buffer.from([1, 1]),
  half(2 << 8, 1),
  word(ENCODINGS.pointerType),
]);

/** The length of what the server says about the pointer: that it may say where it is, or not. */
const POINTER_TYPE_BYTES = 16;

export function pointerEvent(buttons: number, x: number, y: number): Buffer {
  return Buffer.concat([Buffer.from([5, buttons]), half(x, y)]);
}

/** A client that looks at nothing, and has a pointer, behind the guard of the display. */
export class VncClient implements Disposable {
  readonly #socket: Socket;
  #heard = 0;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('error', () => undefined);
    socket.on('data', (data: Buffer) => (this.#heard += data.length));
  }

  /**
   * Returns when the server has said which kind of pointer it wants.
   *
   * @param mostMotions as the guard has them
   */
  static async connect(socketPath: string, mostMotions: number): Promise<VncClient> {
    const fd = loadDisplayGuard().connect(socketPath, mostMotions);
    const client = new VncClient(new Socket({ fd, readable: true, writable: true }));
    client.say(CLIENT_HELLO);
    const hello = 12 + 2 + 4 + 24;
    await until('the server has said all', () => client.#heard >= hello + POINTER_TYPE_BYTES);
    return client;
  }

  say(...words: readonly Buffer[]): void {
    this.#socket.write(Buffer.concat(words));
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }
}
