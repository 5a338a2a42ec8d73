import { HostileVnc } from '../../support/hostile-vnc.js';
import { pointerEvents, type PointerEvent } from '../../support/rfb-client.js';
import { ENCODINGS, update } from '../../support/rfb.js';

const WHITE = 0xff;
const BLACK = 0;

/** A VNC server that shows white and black lines, each of a single pixel, from top to bottom. */
export class StripedScreen implements AsyncDisposable {
  readonly #server: HostileVnc;

  private constructor(server: HostileVnc) {
    this.#server = server;
  }

  static async start(socketPath: string, width: number, height: number): Promise<StripedScreen> {
    const line = Array.from({ length: width }, (_, x) => Buffer.alloc(4, x % 2 ? BLACK : WHITE));
    const lines = Array.from({ length: height }, () => line).flat();
    const words = update(
      { x: 1, encoding: ENCODINGS.pointerType },
      { width, height, encoding: ENCODINGS.raw, data: Buffer.concat(lines) },
    );
    const server = await HostileVnc.start(socketPath, {
      hello: { width, height },
      says: (turn) => (turn === 0 ? words : null),
    });
    return new StripedScreen(server);
  }

  /** Where the pointer was last, in the guest's pixels. */
  get pointer(): PointerEvent | undefined {
    return pointerEvents(this.#server.heard).at(-1);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#server[Symbol.asyncDispose]();
  }
}
