import { once } from 'node:events';
import * as http from 'node:http';
import * as https from 'node:https';
import { createServer, type Socket } from 'node:net';
import type { Exchange, SeenRequest } from './answer.js';
import type { Certificate } from './certificates.js';
import { Connections, type Connection, type Traffic } from './connections.js';
import { Freezer } from './freezer.js';
import { goodAnswer, requestedSpan } from './good-answer.js';
import { LogEntry, type LoggedRequest } from './request-log.js';
import { Faults } from './rules.js';
import { sendAnswer } from './send-answer.js';
import type { Files, ServedFile } from './served-file.js';

export interface FaultServerOptions {
  readonly files: Files;
  /** Speaks HTTPS with this certificate. */
  readonly tls?: Certificate;
}

/** A web server that answers as a good one does, except where its {@link Faults} say otherwise. */
export interface FaultServer extends AsyncDisposable {
  /** `http://127.0.0.1:PORT` or `https://127.0.0.1:PORT` */
  readonly origin: string;
  readonly port: number;
  readonly faults: Faults;
  /** In the order in which they came. */
  readonly requests: readonly LoggedRequest[];
  traffic(): Traffic;
  /** Serves another file there from now on, or none. Answers under way go on with the old one. */
  replace(path: string, file: ServedFile | null): void;
  /** Resets all connections; connecting is refused from now on. */
  goDown(): Promise<void>;
  /** The end of {@link goDown}, at the same port. */
  comeUp(): Promise<void>;
  /** Accepts connections and requests, but sends nothing more, not even the rest of a body. */
  freeze(): void;
  /** The end of {@link freeze}: all that waits goes on. */
  thaw(): void;
  /** Drops all connections. May be called twice. */
  stop(): Promise<void>;
}

/** Milliseconds that an idle connection is kept: as long as nginx does it. */
const KEEP_ALIVE = 75_000;
const HOST = '127.0.0.1';

/** Starts one on a free port of the loopback interface. */
export async function startFaultServer(options: FaultServerOptions): Promise<FaultServer> {
  const server = new Server(options);
  await server.comeUp();
  return server;
}

class Server implements FaultServer {
  readonly faults = new Faults();
  readonly requests: LogEntry[] = [];
  readonly #options: FaultServerOptions;
  readonly #replaced = new Map<string, ServedFile | null>();
  readonly #connections = new Connections();
  readonly #freezer = new Freezer();
  readonly #stopped = new AbortController();
  /** Never listens: it is given the connections that the listener below it accepts. */
  readonly #speaker: http.Server | https.Server;
  readonly #listener = createServer({ noDelay: true }, (socket) => {
    void this.#accept(socket);
  });
  #port = 0;

  constructor(options: FaultServerOptions) {
    this.#options = options;
    const settings = { keepAliveTimeout: KEEP_ALIVE };
    const answer = (request: http.IncomingMessage, response: http.ServerResponse): void => {
      void this.#answer(request, response);
    };
    this.#speaker =
      options.tls === undefined
        ? http.createServer(settings, answer)
        : https.createServer({ ...settings, key: options.tls.key, cert: options.tls.certificate }, answer); // prettier-ignore
  }

  get port(): number {
    return this.#port;
  }

  get origin(): string {
    return `${this.#options.tls === undefined ? 'http' : 'https'}://${HOST}:${this.#port}`;
  }

  traffic(): Traffic {
    return this.#connections.traffic();
  }

  replace(path: string, file: ServedFile | null): void {
    this.#replaced.set(path, file);
  }

  async goDown(): Promise<void> {
    if (!this.#listener.listening) return;
    const closed = once(this.#listener, 'close');
    this.#listener.close();
    this.#connections.resetAll();
    await closed;
  }

  async comeUp(): Promise<void> {
    if (this.#listener.listening) return;
    this.#listener.listen(this.#port, HOST);
    await once(this.#listener, 'listening');
    const address = this.#listener.address();
    if (typeof address !== 'object' || address === null) throw new Error('There is no free port');
    this.#port = address.port;
  }

  freeze(): void {
    this.#freezer.freeze();
  }

  thaw(): void {
    this.#freezer.thaw();
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    this.thaw();
    await this.goDown();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #accept(socket: Socket): Promise<void> {
    this.#connections.add(socket);
    await this.#freezer.thawed();
    if (!socket.destroyed) this.#speaker.emit('connection', socket);
  }

  async #answer(message: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const connection = this.#connections.under(message.socket);
    if (connection === null) return;
    const request = seenRequest(message, connection);
    const entry = new LogEntry(request);
    this.requests.push(entry);

    const gone = new AbortController();
    response.once('close', () => {
      gone.abort();
    });
    // A client that leaves is no error.
    response.on('error', () => undefined);
    const signal = AbortSignal.any([gone.signal, this.#stopped.signal]);
    const file = await this.#find(request.path);
    const exchange: Exchange = { request, file, span: requestedSpan(request, file), signal };
    const answer = this.faults.apply(goodAnswer(request, file), exchange);
    entry.status = answer.raw === null ? answer.status : null;
    await sendAnswer(answer, {
      response,
      socket: connection.socket,
      signal,
      thawed: () => this.#freezer.thawed(),
      onSent(bytes) {
        entry.bodyBytes += bytes;
      },
    });
    entry.ended = true;
  }

  async #find(path: string): Promise<ServedFile | null> {
    const replaced = this.#replaced.get(path);
    if (replaced !== undefined) return replaced;
    const { files } = this.#options;
    return typeof files === 'function' ? await files(path) : (files[path] ?? null);
  }
}

function seenRequest(message: http.IncomingMessage, connection: Connection): SeenRequest {
  const { method = '', url: target = '', headers } = message;
  const [path = '', query = ''] = target.split(/\?(.*)/s);
  return {
    method,
    path: decoded(path),
    query,
    headers,
    target,
    connection: connection.number,
    turn: ++connection.turns,
  };
}

/** As it is, if its escapes are wrong: then no file has it. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
