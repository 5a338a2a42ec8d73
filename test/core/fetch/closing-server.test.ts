import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { OpenedSource } from '../../../src/core/fetch/index.js';
import { quickOpen } from './quick-open.js';

const { signal } = new AbortController();
const content = Buffer.from(Array.from({ length: 1_000_000 }, (_, n) => (n * 31 + n / 251) % 256));
const FROM = 300_000;
const LENGTH = 600_000;
const expected = content.subarray(FROM, FROM + LENGTH);
const HALF = LENGTH / 2;
/** By then, what was sent has come, and its receiver is busy. */
const SOON = 50;

/** Sends the body of an answer, and does something to the connection. */
type Ending = (socket: Socket, body: Buffer) => void;

const wholeThenClosed: Ending = (socket, body) => {
  socket.write(body);
  setTimeout(() => socket.end(), SOON);
};
const halfThenClosed: Ending = (socket, body) => {
  socket.write(body.subarray(0, HALF));
  setTimeout(() => socket.end(), SOON);
};
const halfThenReset: Ending = (socket, body) => {
  socket.write(body.subarray(0, HALF));
  setTimeout(() => socket.resetAndDestroy(), SOON);
};
const halfThenNothing: Ending = (socket, body) => {
  socket.write(body.subarray(0, HALF));
};

describe('a server that closes the connection after an answer', () => {
  let server: Server | null = null;
  let source: OpenedSource | null = null;

  afterEach(async () => {
    await source?.close();
    server?.close();
    source = null;
    server = null;
  });

  /** Opens a file whose first request is answered as usual, all others as given. */
  async function openWith(version: string, headers: string, end: Ending): Promise<OpenedSource> {
    server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', (request) => {
        const [, first, last] = /range: bytes=(\d+)-(\d+)/i.exec(request.toString()) ?? [];
        const body = content.subarray(Number(first), Number(last) + 1);
        const range = `Content-Range: bytes ${first ?? ''}-${last ?? ''}/${content.length}`;
        const length = `Content-Length: ${body.length}`;
        if (first === '0') {
          socket.write(`HTTP/1.1 206 Part\r\n${range}\r\n${length}\r\n\r\n`);
          socket.write(body);
        } else {
          const framing = headers.includes('chunked') ? '' : `${length}\r\n`;
          socket.write(`${version} 206 Part\r\n${range}\r\n${framing}${headers}\r\n\r\n`);
          end(socket, body);
        }
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    source = await quickOpen(`http://127.0.0.1:${port}/a`);
    return source;
  }

  /** Takes what comes, one piece at a time, and the first one for longer than the connection lasts. */
  function slowReceiver() {
    const pieces: Uint8Array[] = [];
    let busy = false;
    const onBytes = async (piece: Uint8Array): Promise<void> => {
      assert.ok(!busy);
      assert.ok(piece.length > 0);
      busy = true;
      await sleep(pieces.length === 0 ? 4 * SOON : 1);
      pieces.push(piece);
      busy = false;
    };
    return { onBytes, bytes: () => Buffer.concat(pieces), isBusy: () => busy };
  }

  for (const [what, version, headers] of [
    ['that says so', 'HTTP/1.1', 'Connection: close'],
    ['of HTTP/1.0', 'HTTP/1.0', 'Server: old'],
    ['that did not say so', 'HTTP/1.1', 'Server: rude'],
  ] as const) {
    it(`${what}, has sent everything for a receiver that is busy`, async () => {
      const opened = await openWith(version, headers, wholeThenClosed);
      const { onBytes, bytes, isBusy } = slowReceiver();
      await opened.stream(FROM, LENGTH, onBytes, signal);
      assert.ok(!isBusy());
      assert.ok(bytes().equals(expected));
    });

    for (const [how, end] of [
      ['closes', halfThenClosed],
      ['resets', halfThenReset],
    ] as const) {
      it(`${what}, and ${how} in the middle, loses nothing that came before`, async () => {
        const opened = await openWith(version, headers, end);
        const { onBytes, bytes, isBusy } = slowReceiver();
        await assert.rejects(opened.stream(FROM, LENGTH, onBytes, signal), {
          code: 'network-failed',
          retryable: true,
        });
        assert.ok(!isBusy());
        assert.ok(bytes().equals(expected.subarray(0, HALF)));
      });
    }
  }

  it('in the middle of a body of unknown length, has lost the connection', async () => {
    const headers = 'Transfer-Encoding: chunked\r\nConnection: close';
    const opened = await openWith('HTTP/1.1', headers, (socket, body) => {
      socket.write(`${HALF.toString(16)}\r\n`);
      socket.write(body.subarray(0, HALF));
      socket.end('\r\n');
    });
    await assert.rejects(
      opened.stream(FROM, LENGTH, () => null, signal),
      { code: 'network-failed', retryable: true },
    );
  });

  for (const [what, end] of [
    ['that stands still', halfThenNothing],
    ['that broke', halfThenReset],
    ['that is over', wholeThenClosed],
  ] as const) {
    it(`does not keep an answer ${what} from being given up while its receiver is busy`, async () => {
      const opened = await openWith('HTTP/1.1', 'Connection: close', end);
      const controller = new AbortController();
      let pieces = 0;
      const onBytes = async (): Promise<void> => {
        pieces++;
        await sleep(4 * SOON);
      };
      const streaming = opened.stream(FROM, LENGTH, onBytes, controller.signal);
      await sleep(2 * SOON);
      controller.abort();
      await assert.rejects(streaming, { name: 'AbortError' });
      await sleep(4 * SOON);
      assert.equal(pieces, 1);
    });
  }

  it('does not keep its source from being closed while its receiver is busy', async () => {
    const opened = await openWith('HTTP/1.1', 'Connection: close', halfThenNothing);
    const endless = () => new Promise<void>(() => undefined);
    const streaming = opened.stream(FROM, LENGTH, endless, signal);
    setTimeout(() => void opened.close(), SOON);
    await assert.rejects(streaming, { name: 'AbortError' });
  });
});
