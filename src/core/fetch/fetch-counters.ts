import type { Socket } from 'node:net';

/** What the fetching cost so far; the caller owns it and may share it among sources. */
export class FetchCounters {
  /** Requests that were sent, all of them: also redirects, log-ins and tries that failed. */
  requests = 0;
  /** Requests that were sent once more after a failure. */
  retries = 0;
  readonly #open = new Set<Socket>();
  #received = 0;
  #sent = 0;

  /** Bytes that came through the sockets, with all heads; inside TLS where it is used. */
  get bytesReceived(): number {
    let bytes = this.#received;
    for (const socket of this.#open) bytes += socket.bytesRead;
    return bytes;
  }

  /** Bytes that went out through the sockets, counted like {@link bytesReceived}. */
  get bytesSent(): number {
    let bytes = this.#sent;
    for (const socket of this.#open) bytes += socket.bytesWritten;
    return bytes;
  }

  /** Counts a connection from now until it is closed. */
  watch(socket: Socket): void {
    this.#open.add(socket);
    socket.once('close', () => {
      this.#open.delete(socket);
      this.#received += socket.bytesRead;
      this.#sent += socket.bytesWritten;
    });
  }
}
