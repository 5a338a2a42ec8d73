import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { helloOf, type Hello } from './rfb.js';

/** What a VNC server says that somebody has taken over. */
export interface VncAttack {
  readonly hello?: Hello;
  /** What it says next, for the n-th time, as long as somebody listens; null: it stays silent. */
  readonly says?: (turn: number) => Buffer | null;
}

/** A VNC server on a unix socket that says to each client what it is told to. */
export class HostileVnc implements AsyncDisposable {
  readonly #server: Server;
  readonly #attack: VncAttack;
  readonly #clients = new Set<Socket>();
  #connections = 0;
  #said = 0;
  readonly #heard: Buffer[] = [];

  private constructor(attack: VncAttack) {
    this.#attack = attack;
    this.#server = createServer((client) => {
      this.#connections++;
      this.#clients.add(client);
      client.once('close', () => this.#clients.delete(client));
      // A client that goes away is what most attacks are for.
      client.on('error', () => undefined);
      void this.#talk(client).catch(() => undefined);
    });
  }

  static async start(socketPath: string, attack: VncAttack): Promise<HostileVnc> {
    const own = new HostileVnc(attack);
    own.#server.listen(socketPath);
    await once(own.#server, 'listening');
    return own;
  }

  /** How many clients there have been. */
  get connections(): number {
    return this.#connections;
  }

  /** How many clients there are. */
  get clients(): number {
    return this.#clients.size;
  }

  /** How many bytes were taken from it, besides its hello. */
  get said(): number {
    return this.#said;
  }

  /** What clients have said. */
  get heard(): Buffer {
    return Buffer.concat(this.#heard);
  }

  async #talk(client: Socket): Promise<void> {
    const { hello, says } = this.#attack;
    // What the client answers is known before.
    client.write(helloOf(hello));
    client.on('data', (data: Buffer) => this.#heard.push(data));
    for (let turn = 0; !client.destroyed; turn++) {
      const words = says?.(turn) ?? null;
      if (words === null) return;
      if (!client.write(words)) await once(client, 'drain');
      this.#said += words.length;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#clients) client.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
