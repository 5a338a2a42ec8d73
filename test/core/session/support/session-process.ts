import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Ending, StartStep } from '../../../../src/core/session/index.js';
import { eventually } from '../../../support/wait.js';

const CHILD = join(import.meta.dirname, 'session-child.js');

/** Where a session stands, in one word: what lasts from outside comes before its own steps. */
export type Place = StartStep | 'logging-in' | 'away' | 'running' | 'stopping' | 'ended' | 'failed';

export type Order =
  | { readonly order: 'open'; readonly location: string; readonly consoleSocket: string | null }
  | {
      readonly order: 'close' | 'restart' | 'start-with-less' | 'shut-down' | 'reset' | 'power-off';
    };

export interface ChildReport {
  readonly place?: Place;
  /** Of the error when the place is `failed`. */
  readonly code?: string;
  /** Since when the network is away, in milliseconds since 1970 by the session's clock. */
  readonly since?: number;
  /** Why the machine does not go on from its saved memory: the code. */
  readonly refused?: string;
  /** When the place is `ended`. */
  readonly how?: Ending;
  readonly done?: Order['order'];
  readonly milliseconds?: number;
}

/** A process with a session, as a window is one, but without a window. */
export class SessionProcess implements AsyncDisposable {
  readonly #child: ChildProcess;
  #reports: ChildReport[] = [];

  constructor(environment: NodeJS.ProcessEnv) {
    this.#child = fork(CHILD, { env: environment });
    this.#child.on('message', (report: ChildReport) => {
      this.#reports.push(report);
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** The places of the session since it was opened. */
  get places(): readonly Place[] {
    return this.#reports.flatMap(({ place }) => (place === undefined ? [] : [place]));
  }

  get place(): Place | undefined {
    return this.places.at(-1);
  }

  /** The last that was told of the session. */
  get last(): ChildReport | undefined {
    return this.#reports.findLast(({ place }) => place !== undefined);
  }

  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** Begins a session, in place of the last. */
  open(location: string, consoleSocket: string | null = null): void {
    this.#reports = [];
    this.#child.send({ order: 'open', location, consoleSocket } satisfies Order);
  }

  /** Waits until the session is or was somewhere. */
  async reach(place: Place, limit = 30_000): Promise<void> {
    const what = `the session is ${place}`;
    await eventually(what, () => (this.places.includes(place) ? true : undefined), limit).catch(
      (error: unknown) => {
        throw new Error(`${what}: it was ${this.places.join(', ')} ${this.last?.code ?? ''}`, {
          cause: error,
        });
      },
    );
  }

  /** Waits until the session stands somewhere. */
  async rest(place: Place, limit = 30_000): Promise<void> {
    await eventually(
      `the session is ${place}`,
      () => (this.place === place ? true : undefined),
      limit,
    );
  }

  tell(order: Exclude<Order['order'], 'open'>): void {
    this.#child.send({ order } satisfies Order);
  }

  /** Tells the session something; how long it took until that was done, in milliseconds. */
  async ask(order: Exclude<Order['order'], 'open'>, limit = 10_000): Promise<number> {
    const before = this.#reports.length;
    this.tell(order);
    return eventually(
      `${order} is done`,
      () => this.#reports.slice(before).find(({ done }) => done === order)?.milliseconds,
      limit,
    );
  }

  /** Kills the process, as a crash does. */
  async kill(): Promise<void> {
    if (this.hasEnded) return;
    const exit = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await exit;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.kill();
  }
}
