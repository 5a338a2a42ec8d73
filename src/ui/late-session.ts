import { asVmnetxError } from '../core/errors/index.js';
import type { ActivityReport, Session, SessionState } from '../core/session/index.js';

const BEGINNING: SessionState = {
  phase: 'starting',
  step: 'resolving',
  name: null,
  loaded: null,
  network: { away: false },
  caching: { on: true },
  guestNetwork: null,
  loggingIn: false,
  memoryRefused: null,
  packageChanged: null,
  sound: 'none',
};

interface Watching {
  readonly listener: (report: ActivityReport) => void;
  end: (() => void) | null;
}

/**
 * A session that has yet to be loaded. Until it is there it says that it is starting; if it cannot
 * be had it has failed, and a restart tries again.
 */
export class LateSession implements Session {
  readonly #begin: () => Promise<Session>;
  readonly #listeners = new Set<() => void>();
  /** Those who began to look before there was anything to be seen. */
  readonly #watching = new Set<Watching>();
  #inner: Session | null = null;
  #beginning: Promise<void> | null = null;
  #own: SessionState = BEGINNING;
  #closed = false;

  constructor(begin: () => Promise<Session>) {
    this.#begin = begin;
  }

  get state(): SessionState {
    return this.#inner?.state ?? this.#own;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  restart(): Promise<void> {
    if (this.#closed) return Promise.resolve();
    if (this.#inner !== null) return this.#inner.restart();
    this.#beginning ??= this.#load();
    return this.#beginning;
  }

  startWithLess(): Promise<void> {
    return this.#inner?.startWithLess() ?? this.restart();
  }

  startWithoutSavedState(): Promise<void> {
    return this.#inner?.startWithoutSavedState() ?? this.restart();
  }

  async allowPrivateAddress(): Promise<void> {
    await this.#inner?.allowPrivateAddress();
  }

  async shutDown(): Promise<void> {
    await this.#inner?.shutDown();
  }

  async reset(): Promise<void> {
    await this.#inner?.reset();
  }

  async powerOff(): Promise<void> {
    await this.#inner?.powerOff();
  }

  mute(muted: boolean): void {
    this.#inner?.mute(muted);
  }

  async allowNetwork(allowed: boolean): Promise<void> {
    await this.#inner?.allowNetwork(allowed);
  }

  watchActivity(listener: (report: ActivityReport) => void): () => void {
    if (this.#inner !== null) return this.#inner.watchActivity(listener);
    const waiting: Watching = { listener, end: null };
    this.#watching.add(waiting);
    return () => {
      this.#watching.delete(waiting);
      waiting.end?.();
    };
  }

  async *followLog(signal: AbortSignal): AsyncGenerator<string, void, undefined> {
    await this.#beginning;
    if (this.#inner !== null) yield* this.#inner.followLog(signal);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#beginning;
    await this.#inner?.close();
  }

  async #load(): Promise<void> {
    this.#become(BEGINNING);
    try {
      const session = await this.#begin();
      session.onChange(() => {
        this.#tell();
      });
      this.#inner = session;
      for (const waiting of this.#watching) {
        waiting.end = session.watchActivity(waiting.listener);
      }
      if (!this.#closed) this.#tell();
    } catch (thrown) {
      this.#become({ phase: 'failed', error: asVmnetxError(thrown), savedStateSuspected: false });
    } finally {
      this.#beginning = null;
    }
  }

  #become(state: SessionState): void {
    this.#own = state;
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
