import { connect, type Socket } from 'node:net';
import type { Link } from './link.js';

/** A client's connection, the one to the server, and what is between them. */
export class RelayedConnection {
  readonly #client: Socket;
  readonly #server: Socket;
  readonly #link: Link;
  /** When the client may send its first byte. */
  #open: number;
  #cut: boolean;
  #dead = false;

  /** @param onGone both ends are closed */
  constructor(client: Socket, port: number, link: Link, cut: boolean, onGone: () => void) {
    this.#client = client;
    this.#link = link;
    this.#cut = cut;
    this.#open = link.handshakeEnd();
    this.#server = connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    this.#carryToServer();
    this.#carryToClient();
    for (const [end, other] of [
      [client, this.#server],
      [this.#server, client],
    ] as const) {
      end.on('close', () => {
        if (other.closed) onGone();
        // Its other end learns of it as of everything else, after a while.
        else if (end.errored !== null) this.#later(other, () => other.resetAndDestroy());
      });
      end.on('error', () => undefined);
    }
    this.regulate();
  }

  /** Nothing is taken from either end. */
  cut(): void {
    this.#cut = true;
    this.regulate();
  }

  /** The connection goes on; if it was made meanwhile, it begins. */
  resume(begun: boolean): void {
    this.#cut = false;
    if (!begun) this.#open = this.#link.handshakeEnd();
    this.regulate();
  }

  /** What is sent from now on is lost, and so is what was under way. */
  kill(): void {
    this.#dead = true;
    this.resume(true);
  }

  reset(): void {
    this.#dead = true;
    this.#client.resetAndDestroy();
    this.#server.resetAndDestroy();
  }

  /** Reads from each end only as much as the way to the other one can take. */
  regulate(): void {
    setFlowing(this.#client, !this.#cut && !this.#server.writableNeedDrain);
    setFlowing(this.#server, !this.#cut && !this.#link.full && !this.#client.writableNeedDrain);
  }

  #carryToServer(): void {
    const send = (arrive: (server: Socket) => void): void => {
      this.#later(this.#server, arrive);
    };
    this.#client.on('data', (bytes: Buffer) => {
      send((server) => {
        this.#write(server, bytes);
      });
    });
    this.#client.on('end', () => {
      send((server) => server.end());
    });
    this.#server.on('drain', () => {
      this.regulate();
    });
  }

  #carryToClient(): void {
    this.#server.on('data', (bytes: Buffer) => {
      const { pieceBytes } = this.#link;
      for (let at = 0; at < bytes.length; at += pieceBytes) {
        const piece = bytes.subarray(at, at + pieceBytes);
        this.#link.toClient(piece.length, () => {
          this.#write(this.#client, piece);
        });
      }
      this.regulate();
    });
    this.#server.on('end', () => {
      this.#later(this.#client, (client) => client.end());
    });
    this.#client.on('drain', () => {
      this.regulate();
    });
  }

  /** Does something at one end once what the other end did has come there. */
  #later(end: Socket, act: (end: Socket) => void): void {
    const arrive = (): void => {
      if (!this.#dead) act(end);
    };
    if (end === this.#client) this.#link.toClient(0, arrive);
    else this.#link.toServer(this.#open, arrive);
  }

  #write(end: Socket, bytes: Buffer): void {
    if (this.#dead || !end.writable) return;
    if (!end.write(bytes)) this.regulate();
  }
}

function setFlowing(socket: Socket, flowing: boolean): void {
  if (flowing === !socket.isPaused() && socket.readableFlowing !== null) return;
  if (flowing) socket.resume();
  else socket.pause();
}
