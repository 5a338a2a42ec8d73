import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { deadline, untilAborted } from '../disposal/index.js';
import { fail, messageOf } from '../errors/index.js';
import { isLibvirtError, libvirtCode, type Domain } from '../libvirt/index.js';

/** QEMU takes at once what it is given, unless it hangs. */
const PATIENCE_MILLISECONDS = 20_000;
const POLL_MILLISECONDS = 20;
/** A QEMU that has failed has said why by then. */
const LAST_WORD_MILLISECONDS = 500;

/** A domain that waits for its state. */
export type WaitingDomain = Pick<Domain, 'monitorCommand'>;

/**
 * Has QEMU take up a state. Its domain was started with `-incoming defer`; when this is done it stands
 * still where it was saved.
 *
 * @param socket absolute path at which QEMU makes a socket to get the state by
 * @param state is read to its end: only there it is known to be whole
 * @param patienceMilliseconds so long QEMU may take nothing of what it is given
 * @throws VmnetxError `memory-not-loaded`; LibvirtError `invalidConnection`; what `state` throws; the
 *   signal's reason
 */
export async function loadState(
  domain: WaitingDomain,
  socket: string,
  state: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
  patienceMilliseconds = PATIENCE_MILLISECONDS,
): Promise<void> {
  const how = { signal, patienceMilliseconds };
  try {
    await untilAborted(listen(domain, socket, patienceMilliseconds), signal);
    const way = await Way.open(socket, how);
    try {
      // QEMU may close it early, because it has all that it needs, or because it will have none of it.
      const pouring = pour(state, way);
      const refused = way.closed.then(() => untilLoaded(domain, how));
      await Promise.race([pouring, refused.then(() => pouring)]);
    } finally {
      way.close();
    }
    await untilLoaded(domain, how);
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof Refusal)) throw error;
    const detail = [error.message, await lastWord(domain)].filter((text) => text !== '').join(': ');
    throw fail('memory-not-loaded', {}, { cause: error, detail });
  }
}

/** QEMU does not take the state. */
class Refusal extends Error {}

interface How {
  readonly signal: AbortSignal;
  readonly patienceMilliseconds: number;
}

/** Has QEMU make its socket. */
async function listen(domain: WaitingDomain, path: string, milliseconds: number): Promise<void> {
  const asked = domain.monitorCommand('migrate-incoming', { uri: `unix:${path}` });
  await refusing(deadline(asked, milliseconds, 'QEMU'));
}

async function pour(state: AsyncIterable<Uint8Array>, way: Way): Promise<void> {
  for await (const bytes of state) await way.send(bytes);
  await way.end();
}

/** The way into QEMU. What is sent after QEMU has closed it goes nowhere. */
class Way {
  readonly #socket: Socket;
  readonly #how: How;
  readonly #over: AbortSignal;
  /** Fulfilled when QEMU has closed it, or we have. */
  readonly closed: Promise<void>;
  #isOpen = true;

  private constructor(socket: Socket, how: How) {
    this.#socket = socket;
    this.#how = how;
    const closing = new AbortController();
    this.#over = AbortSignal.any([closing.signal, how.signal]);
    this.closed = new Promise((done) => {
      socket.once('close', () => {
        this.#isOpen = false;
        closing.abort();
        done();
      });
    });
    socket.on('error', () => undefined);
  }

  static async open(path: string, how: How): Promise<Way> {
    const socket = connect(path);
    const way = new Way(socket, how);
    await way.#until(once(socket, 'connect'));
    return way;
  }

  /** Fulfilled when more can be sent. */
  async send(bytes: Uint8Array): Promise<void> {
    if (this.#isOpen && !this.#socket.write(bytes)) await this.#until(once(this.#socket, 'drain'));
  }

  /** Fulfilled when QEMU has got all. */
  async end(): Promise<void> {
    await this.#until(new Promise<void>((done) => this.#socket.end(done)));
  }

  close(): void {
    this.#socket.destroy();
  }

  /** Waits for the socket, until it is closed. */
  async #until(event: Promise<unknown>): Promise<void> {
    const { signal, patienceMilliseconds } = this.#how;
    try {
      await deadline(untilAborted(event, this.#over), patienceMilliseconds, 'QEMU');
    } catch (error) {
      signal.throwIfAborted();
      if (this.#isOpen && !this.#socket.destroyed) throw new Refusal(messageOf(error));
    }
  }
}

async function untilLoaded(
  domain: WaitingDomain,
  { signal, patienceMilliseconds }: How,
): Promise<void> {
  const end = performance.now() + patienceMilliseconds;
  for (;;) {
    const asked = askStatus(domain, patienceMilliseconds);
    const { status, reason } = await untilAborted(asked, signal);
    if (status === 'completed') return;
    if (status === 'failed') throw new Refusal(reason);
    if (performance.now() > end) throw new Refusal('QEMU does not come to an end with it');
    await sleep(POLL_MILLISECONDS, undefined, { signal });
  }
}

/** How QEMU stands with what it was given (`query-migrate`). */
async function askStatus(
  domain: WaitingDomain,
  milliseconds: number,
): Promise<{ readonly status: string; readonly reason: string }> {
  const asked = deadline(domain.monitorCommand('query-migrate'), milliseconds, 'QEMU');
  const answer = await refusing(asked);
  return { status: textIn(answer, 'status'), reason: textIn(answer, 'error-desc') };
}

/** What does not work is QEMU's refusal, unless it is libvirt that is gone. */
async function refusing<Value>(asked: Promise<Value>): Promise<Value> {
  try {
    return await asked;
  } catch (cause) {
    if (isLibvirtError(cause, libvirtCode.invalidConnection)) throw cause;
    throw new Refusal(messageOf(cause), { cause });
  }
}

function textIn(answer: unknown, key: string): string {
  if (typeof answer !== 'object' || answer === null) return '';
  const value = new Map<string, unknown>(Object.entries(answer)).get(key);
  return typeof value === 'string' ? value : '';
}

/** What QEMU itself says is wrong, if it still can. */
async function lastWord(domain: WaitingDomain): Promise<string> {
  const said = await askStatus(domain, LAST_WORD_MILLISECONDS).catch(() => null);
  return said?.reason ?? '';
}
