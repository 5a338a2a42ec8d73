import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from 'node:http';

/** A web server whose answers a test writes itself, right ones and wrong ones. */
export interface ScriptedServer extends AsyncDisposable {
  /** `http://ADDRESS:PORT` */
  readonly origin: string;
  /** The requests so far. */
  readonly requests: readonly IncomingMessage[];
  /** Drops all connections. */
  stop(): Promise<void>;
}

/** @param host an address of this computer */
export async function startServer(
  answer: RequestListener,
  host = '127.0.0.1',
): Promise<ScriptedServer> {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    answer(request, response);
  });
  server.listen(0, host);
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('There is no free port');
  const stop = async (): Promise<void> => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  return {
    origin: `http://${host}:${address.port}`,
    requests,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** The range that a request asks for: first and last byte. */
export function requestedRange(request: IncomingMessage): { first: number; last: number } {
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
  return { first: Number(first), last: Number(last) };
}

/** Answers a range request correctly, except for the headers given. */
export function sendRange(
  request: IncomingMessage,
  response: ServerResponse,
  file: Buffer,
  headers: Readonly<Record<string, string>> = {},
): void {
  const { first, last } = requestedRange(request);
  const body = file.subarray(first, last + 1);
  response.writeHead(206, {
    'content-range': `bytes ${first}-${first + body.length - 1}/${file.length}`,
    'content-length': String(body.length),
    etag: '"one"',
    'last-modified': 'Thu, 01 Jan 2015 00:00:00 GMT',
    ...headers,
  });
  response.end(body);
}
