import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { ConnectionReset, type Answer } from './answer.js';

/** What sending needs besides the answer. */
export interface Line {
  readonly response: ServerResponse;
  /** The TCP connection, below TLS if there is any. */
  readonly socket: Socket;
  /** Aborted when the connection is gone. */
  readonly signal: AbortSignal;
  /** Waits while the server is frozen. */
  readonly thawed: () => Promise<void>;
  /** Told how many bytes of the body were handed to the connection. */
  readonly onSent: (bytes: number) => void;
}

/** Milliseconds that the client gets to read what was sent before the connection is reset. */
const READING = 20;

/** Sends it; returns once the connection has taken everything, or is gone. */
export async function sendAnswer(answer: Answer, line: Line): Promise<void> {
  const { response, socket, signal } = line;
  try {
    await answer.before();
    await line.thawed();
    signal.throwIfAborted();
    await (answer.raw === null ? sendResponse(answer, line) : sendRaw(answer.raw, line));
  } catch (error) {
    if (signal.aborted || socket.destroyed) return;
    if (!(error instanceof ConnectionReset)) {
      response.destroy();
      throw error;
    }
    await sleep(READING);
    socket.resetAndDestroy();
  }
}

async function sendResponse(answer: Answer, line: Line): Promise<void> {
  const { response, signal, thawed, onSent } = line;
  response.statusCode = answer.status;
  for (const [name, value] of Object.entries(answer.headers)) response.setHeader(name, value);
  response.flushHeaders();
  const announced = Number(answer.headers['content-length'] ?? 0);
  let sent = 0;
  if (response.req.method !== 'HEAD') {
    for await (const piece of answer.body) {
      await thawed();
      signal.throwIfAborted();
      sent += piece.length;
      onSent(piece.length);
      if (!response.write(piece)) await once(response, 'drain', { signal });
    }
    await thawed();
  }
  const short = response.req.method !== 'HEAD' && sent < announced;
  const { socket } = response;
  await new Promise<void>((resolve) => {
    response.once('close', resolve);
    response.end(() => {
      resolve();
    });
  });
  if (answer.hangUp || short) socket?.destroySoon();
}

async function sendRaw(raw: Answer['body'], line: Line): Promise<void> {
  const { response, signal, thawed, onSent } = line;
  const { socket } = response;
  if (socket === null) return;
  for await (const piece of raw) {
    await thawed();
    signal.throwIfAborted();
    onSent(piece.length);
    if (!socket.write(piece)) await once(socket, 'drain', { signal });
  }
  socket.destroySoon();
}
