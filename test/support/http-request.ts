import * as http from 'node:http';
import * as https from 'node:https';

/** What came back, as far as it came. */
export interface Reply {
  /** Null if no head came. */
  readonly status: number | null;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
  /** Why it is not whole: a code of Node's; null if it is. */
  readonly error: string | null;
  /** From the request to the head, and to the end. */
  readonly milliseconds: { readonly head: number; readonly end: number };
}

export interface RequestOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** One connection for each request, if it is left out. */
  readonly agent?: http.Agent;
  /** PEM of the authority to trust, for https. */
  readonly authority?: string;
  /** Milliseconds after which it is given up: the error is `given up`. */
  readonly patience?: number;
}

/** One request by Node's own client, which believes everything; never fails. */
export function ask(url: string, options: RequestOptions = {}): Promise<Reply> {
  const { method = 'GET', headers = {}, agent = false, authority, patience = 5000 } = options;
  const started = performance.now();
  const pieces: Buffer[] = [];
  let response: http.IncomingMessage | null = null;
  let head = NaN;
  return new Promise((resolve) => {
    const end = (error: string | null): void => {
      clearTimeout(timer);
      resolve({
        status: response?.statusCode ?? null,
        headers: response?.headers ?? {},
        body: Buffer.concat(pieces),
        error,
        milliseconds: { head, end: performance.now() - started },
      });
    };
    const fail = (error: Error): void => {
      end('code' in error ? String(error.code) : error.message);
    };
    const settings = { method, headers, agent, ...(authority === undefined ? {} : { ca: authority }) }; // prettier-ignore
    const request = (url.startsWith('https:') ? https : http).request(url, settings, (answer) => {
      response = answer;
      head = performance.now() - started;
      answer.on('data', (piece: Buffer) => pieces.push(piece));
      answer.on('error', fail);
      answer.on('end', () => {
        end(null);
      });
    });
    const timer = setTimeout(() => {
      end('given up');
      request.destroy();
    }, patience);
    request.on('error', fail);
    request.end();
  });
}

/** Asks for a part of a file. */
export function askRange(
  url: string,
  first: number,
  last: number,
  options: RequestOptions = {},
): Promise<Reply> {
  return ask(url, { ...options, headers: { ...options.headers, range: `bytes=${first}-${last}` } });
}
