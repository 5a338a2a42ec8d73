import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Fate, Order, ProxySettings } from './delay-proxy/messages.js';

/**
 * A slow and narrow way to a server on this computer. Bytes need half a round trip in each
 * direction, a new connection one round trip more; those to the client pass, in the order in which
 * they come from the server and whatever connection they belong to, at the link's rate. Nothing is
 * lost, and a sender needs not to find out how fast it may send.
 */
export interface DelayProxy extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`; it carries any protocol over TCP. */
  readonly origin: string;
  readonly port: number;
  /** Its process. */
  readonly pid: number;
  /**
   * The network goes away: nothing arrives any more in either direction, and nobody is told.
   * Connections can still be made, because the kernel makes them, but no answer comes.
   */
  cut(): Promise<void>;
  /**
   * The network comes back.
   *
   * @param connections what becomes of those from before {@link cut}; younger ones just begin
   */
  restore(connections: Fate): Promise<void>;
  /** Ends all connections. May be called twice. */
  stop(): Promise<void>;
}

export type { Fate, ProxySettings };

const PROGRAM = fileURLToPath(new URL('./delay-proxy/process.js', import.meta.url));

/** Starts one on a free port of the loopback interface, as a process of its own. */
export async function startDelayProxy(settings: ProxySettings): Promise<DelayProxy> {
  const child = fork(PROGRAM, [JSON.stringify(settings)], { execArgv: [] });
  const ended = once(child, 'exit');
  const port = Number(await answerOf(child));
  const order = async (what: Order): Promise<void> => {
    child.send(what);
    await answerOf(child);
  };
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
  };
  return {
    port,
    origin: `http://127.0.0.1:${port}`,
    pid: child.pid ?? 0,
    cut: () => order('cut'),
    restore: (connections) => order(connections),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** The next message of the process. */
async function answerOf(child: ChildProcess): Promise<unknown> {
  const ended = new AbortController();
  const onExit = (): void => {
    ended.abort(new Error('The delay proxy has ended'));
  };
  child.once('exit', onExit);
  try {
    const answer: readonly unknown[] = await once(child, 'message', { signal: ended.signal });
    return answer[0];
  } finally {
    child.off('exit', onExit);
  }
}
