/** Something to do; a promise where it takes time. */
export type Step = () => Promise<void> | null;

interface InOrderOptions {
  /** Called when steps have to wait, and when they go on; not for those that take no time. */
  readonly onBusy: (busy: boolean) => void;
  /** Called with what a step throws. The steps after it are not done. */
  readonly onFailed: (error: unknown) => void;
}

/** Does one step after the other: at once, or when those before it are done. */
export class InOrder {
  readonly #options: InOrderOptions;
  readonly #waiting: Step[] = [];
  #busy = false;

  constructor(options: InOrderOptions) {
    this.#options = options;
  }

  add(step: Step): void {
    this.#waiting.push(step);
    if (!this.#busy) this.#advance();
  }

  /** Drops the steps that wait. */
  clear(): void {
    this.#waiting.length = 0;
  }

  #advance(): void {
    for (let step = this.#waiting.shift(); step !== undefined; step = this.#waiting.shift()) {
      const work = this.#begin(step);
      if (work === null) continue;
      this.#setBusy(true);
      work.then(
        () => {
          this.#setBusy(false);
          this.#advance();
        },
        (error: unknown) => {
          this.#fail(error);
        },
      );
      return;
    }
  }

  #begin(step: Step): Promise<void> | null {
    try {
      return step();
    } catch (error) {
      this.#fail(error);
      return null;
    }
  }

  #setBusy(busy: boolean): void {
    this.#busy = busy;
    this.#options.onBusy(busy);
  }

  #fail(error: unknown): void {
    this.clear();
    this.#options.onFailed(error);
  }
}
