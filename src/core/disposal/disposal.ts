import { deadline } from './deadline.js';

interface Entry {
  readonly what: string;
  readonly milliseconds: number;
  readonly dispose: () => Promise<void>;
}

/**
 * What somebody owns and must give up, in the reverse order of its acquisition. Register each thing
 * at the moment it exists. One that fails or takes too long does not keep the others.
 */
export class Disposal {
  readonly #entries: Entry[] = [];
  #running: Promise<readonly Error[]> | null = null;

  /**
   * @param what names the thing in errors
   * @param milliseconds the longest that giving it up may take
   * @throws Error once everything is being given up: what comes then is given up at once
   */
  add(what: string, milliseconds: number, dispose: () => Promise<void>): void {
    if (this.#running !== null) {
      dispose().catch(() => undefined);
      throw new Error(`${what} was acquired after the disposal began`);
    }
    this.#entries.push({ what, milliseconds, dispose });
  }

  /** Gives up everything, once; a second call waits for the first. Returns what went wrong. */
  dispose(): Promise<readonly Error[]> {
    this.#running ??= this.#disposeAll();
    return this.#running;
  }

  async #disposeAll(): Promise<readonly Error[]> {
    const errors: Error[] = [];
    for (const { what, milliseconds, dispose } of this.#entries.toReversed()) {
      try {
        await deadline(dispose(), milliseconds, what);
      } catch (error) {
        errors.push(new Error(`${what}: ${String(error)}`, { cause: error }));
      }
    }
    return errors;
  }
}
