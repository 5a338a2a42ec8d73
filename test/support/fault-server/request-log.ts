import type { SeenRequest } from './answer.js';

/** A request and what became of it so far. */
export interface LoggedRequest extends SeenRequest {
  /** The Range header, or '' without one. */
  readonly range: string;
  /** Of the answer; null as long as it is not known, and where something else than HTTP was sent. */
  readonly status: number | null;
  /** Bytes of the body that were handed to the connection, encoded as they were sent. */
  readonly bodyBytes: number;
  /** Whether the server has nothing more to send, because it sent everything or the client left. */
  readonly ended: boolean;
}

/** The entry of a request while it is being answered. */
export class LogEntry implements LoggedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: SeenRequest['headers'];
  readonly target: string;
  readonly connection: number;
  readonly turn: number;
  readonly range: string;
  status: number | null = null;
  bodyBytes = 0;
  ended = false;

  constructor(request: SeenRequest) {
    this.method = request.method;
    this.path = request.path;
    this.query = request.query;
    this.headers = request.headers;
    this.target = request.target;
    this.connection = request.connection;
    this.turn = request.turn;
    this.range = request.headers.range ?? '';
  }
}
