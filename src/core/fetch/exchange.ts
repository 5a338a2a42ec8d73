import type { Dispatcher } from 'undici';
import { fail, VmnetxError } from '../errors/index.js';
import type { ByteReceiver } from '../range/index.js';
import { InOrder } from './in-order.js';
import { networkError } from './network-error.js';
import { Patience, type Lateness } from './patience.js';
import type { HttpTimeouts } from './timeouts.js';

/** Status and headers of an answer. */
export interface Head {
  readonly status: number;
  /** A header's value, or null; repeated ones are joined by commas. Bytes above 127 are Latin-1. */
  header(name: string): string | null;
  /** Every value of a header. */
  all(name: string): readonly string[];
}

/** Takes the body of an answer. */
export interface BodyReceiver {
  readonly onBytes: ByteReceiver;
  /** Called after the last bytes; throws what is wrong with the body. */
  readonly onEnd: () => Promise<void> | null;
}

/** Says what becomes of an answer: null for one whose body nobody wants. May throw. */
export type HeadReceiver = (head: Head) => BodyReceiver | null;

/** A body that nobody wants is read up to here, in bytes: that is cheaper than a new connection. */
const DRAINED_BYTES = 16 * 1024;

const LATE: Readonly<Record<Lateness, string>> = {
  headers: 'the headers did not come in time',
  stall: 'the body stopped',
  slow: 'the body came too slowly',
};

interface ExchangeOptions {
  /** The server's name in errors. */
  readonly host: string;
  readonly timeouts: HttpTimeouts;
  readonly receive: HeadReceiver;
  readonly signal: AbortSignal;
  /** Called once, with null when the answer was received or is not wanted. */
  readonly settle: (error: Error | null) => void;
}

/**
 * One request and its answer, as undici reports them. It is settled at the first failure, and with
 * what failed first; what comes later is ignored.
 *
 * While the receiver is busy, the rest of the answer waits here. undici itself is never paused: where
 * a connection ends meanwhile, it fails by an assertion that nobody can catch. What waits is bounded,
 * as only a body of announced length is handed over as it comes, and undici reads no further.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly #options: ExchangeOptions;
  readonly #patience: Patience;
  readonly #steps: InOrder;
  #controller: Dispatcher.DispatchController | null = null;
  #receiver: BodyReceiver | null = null;
  #drained = 0;
  #settled = false;
  /** Why the connection is not wanted any more, from the moment when that is so. */
  #reason: Error | null = null;

  constructor(options: ExchangeOptions) {
    this.#options = options;
    this.#patience = new Patience(options.timeouts, (lateness) => {
      const { host } = options;
      this.#break(fail('network-timeout', { host }, { detail: LATE[lateness] }));
    });
    this.#steps = new InOrder({
      onBusy: (busy) => {
        if (busy) this.#patience.pause();
        else this.#patience.resume();
      },
      onFailed: this.#refuse,
    });
    options.signal.addEventListener('abort', this.#abort, { once: true });
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#reason === null) this.#patience.awaitHead();
    else controller.abort(this.#reason);
  }

  onResponseStart(
    _: Dispatcher.DispatchController,
    status: number,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): void {
    if (status < 200 || this.#reason !== null) return;
    this.#patience.awaitBody();
    this.#steps.add(() => {
      this.#receiver = this.#options.receive(headOf(status, headers));
      if (this.#receiver === null) this.#settle(null);
      return null;
    });
  }

  onResponseData(_: Dispatcher.DispatchController, bytes: Buffer): void {
    // An empty piece means nothing.
    if (this.#reason !== null || bytes.length === 0) return;
    this.#patience.progress(bytes.length);
    if (this.#receiver === null) {
      this.#drained += bytes.length;
      if (this.#drained > DRAINED_BYTES) this.#break(new Error('nobody wants this body'));
      return;
    }
    const { onBytes } = this.#receiver;
    this.#steps.add(() => onBytes(bytes));
  }

  onResponseEnd(): void {
    this.#patience.stop();
    if (this.#receiver === null || this.#reason !== null) return;
    const { onEnd } = this.#receiver;
    this.#steps.add(onEnd);
    this.#steps.add(() => {
      this.#settle(null);
      return null;
    });
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.#patience.stop();
    const failure = networkError(error, this.#options.host);
    // What came before the connection broke is good; whoever closes the source does not want it.
    if (!(failure instanceof VmnetxError)) this.#break(failure);
    else this.#steps.add(() => { this.#settle(failure); return null; }); // prettier-ignore
  }

  readonly #refuse = (error: unknown): void => {
    this.#break(error instanceof Error ? error : new Error(String(error)));
  };

  readonly #abort = (): void => {
    this.#refuse(this.#options.signal.reason);
  };

  /** Ends the exchange and its connection. */
  #break(error: Error): void {
    this.#reason ??= error;
    this.#patience.stop();
    this.#steps.clear();
    this.#settle(error);
    this.#controller?.abort(error);
  }

  #settle(error: Error | null): void {
    if (this.#settled) return;
    this.#settled = true;
    this.#options.signal.removeEventListener('abort', this.#abort);
    this.#options.settle(error);
  }
}

function headOf(
  status: number,
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Head {
  const all = (name: string): readonly string[] => {
    const value = headers[name] ?? [];
    return typeof value === 'string' ? [value] : value;
  };
  return { status, all, header: (name) => (all(name).length === 0 ? null : all(name).join(', ')) };
}
