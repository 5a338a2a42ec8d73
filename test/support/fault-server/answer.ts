import type { IncomingHttpHeaders } from 'node:http';
import type { ServedFile } from './served-file.js';

/** A request as the server got it. */
export interface SeenRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** Without the question mark, or '' if there is none. */
  readonly query: string;
  readonly headers: IncomingHttpHeaders;
  /** Path and query as the client sent them. */
  readonly target: string;
  /** The server's connections are counted from 1, and so are the requests of each. */
  readonly connection: number;
  readonly turn: number;
}

/** First and last byte of a part of a file, both included. */
export interface Span {
  readonly first: number;
  readonly last: number;
}

export type Body = AsyncIterable<Uint8Array>;

/** Header names in lower case. */
export type Headers = Readonly<Record<string, string | readonly string[]>>;

/** What the server is about to send; faults make another one out of it. */
export interface Answer {
  /** Waited for before anything is sent; what it throws ends the connection. */
  readonly before: () => Promise<void>;
  readonly status: number;
  readonly headers: Headers;
  /**
   * The pieces as they are to be sent, when they are to be sent. If they end before the announced
   * length is reached, the connection is closed. {@link ConnectionReset} resets it.
   */
  readonly body: Body;
  /** Sent in place of everything else, not necessarily HTTP; then the connection is closed. */
  readonly raw: Body | null;
  /** Close the connection afterwards without having said so. */
  readonly hangUp: boolean;
}

/** What a fault may look at. */
export interface Exchange {
  readonly request: SeenRequest;
  readonly file: ServedFile | null;
  /** The part that was asked for and that the file has; null for all of it. */
  readonly span: Span | null;
  /** Aborted when the connection is gone or the server is stopped. */
  readonly signal: AbortSignal;
}

/** A way in which an answer goes wrong. */
export type Fault = (answer: Answer, exchange: Exchange) => Answer;

/** Thrown from an answer's body, or before it, to have the connection reset (RST). */
export class ConnectionReset extends Error {}

/** The answer with other headers; null removes one. */
export function withHeaders(
  answer: Answer,
  changes: Readonly<Record<string, string | readonly string[] | null>>,
): Answer {
  const headers: Record<string, string | readonly string[]> = {};
  for (const [name, value] of Object.entries({ ...answer.headers, ...changes })) {
    if (value !== null) headers[name] = value;
  }
  return { ...answer, headers };
}

/** An answer of nothing but a status, headers and a line of text. */
export function shortAnswer(status: number, headers: Headers = {}): Answer {
  const text = Buffer.from(`${status}\n`);
  return {
    before: () => Promise.resolve(),
    status,
    headers: { 'content-type': 'text/plain', 'content-length': String(text.length), ...headers },
    body: bodyOf(text),
    raw: null,
    hangUp: false,
  };
}

/** A body that is there. */
// eslint-disable-next-line @typescript-eslint/require-await -- others come from disks
export async function* bodyOf(...pieces: readonly (Uint8Array | string)[]): Body {
  for (const piece of pieces) yield Buffer.from(piece);
}
