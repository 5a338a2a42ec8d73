import type { Socket } from 'node:net';

/** All that went over a server's connections, with headers and TLS. */
export interface Traffic {
  /** Connections accepted so far. */
  readonly connections: number;
  readonly bytesReceived: number;
  readonly bytesSent: number;
}

/** One TCP connection. */
export interface Connection {
  /** From 1. */
  readonly number: number;
  readonly socket: Socket;
  /** Requests so far. */
  turns: number;
}

/** The TCP connections of a server, below TLS. */
export class Connections {
  /** By the client's port, which no other open connection has. */
  readonly #open = new Map<number, Connection>();
  #accepted = 0;
  #received = 0;
  #sent = 0;

  add(socket: Socket): void {
    const port = socket.remotePort ?? 0;
    this.#open.set(port, { number: ++this.#accepted, socket, turns: 0 });
    // What goes wrong shows where it is written to or read from.
    socket.on('error', () => undefined);
    socket.once('close', () => {
      this.#open.delete(port);
      this.#received += socket.bytesRead;
      this.#sent += socket.bytesWritten;
    });
  }

  /** The connection under a socket that an HTTP server has, which may be one of TLS. */
  under(socket: Socket): Connection | null {
    return this.#open.get(socket.remotePort ?? 0) ?? null;
  }

  resetAll(): void {
    for (const { socket } of this.#open.values()) {
      // One that is being ended cannot be reset any more: it would stay open for ever.
      if (socket.writableEnded) socket.destroy();
      else socket.resetAndDestroy();
    }
  }

  traffic(): Traffic {
    const traffic = {
      connections: this.#accepted,
      bytesReceived: this.#received,
      bytesSent: this.#sent,
    };
    for (const { socket } of this.#open.values()) {
      traffic.bytesReceived += socket.bytesRead;
      traffic.bytesSent += socket.bytesWritten;
    }
    return traffic;
  }
}
