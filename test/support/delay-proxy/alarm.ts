interface Appointment {
  /** In milliseconds of performance.now(). */
  readonly due: number;
  readonly run: () => void;
}

/**
 * What is left of a wait, in milliseconds, at most, when the thread sleeps instead of the timer:
 * Node's timers know whole milliseconds only and may be one of them late.
 */
const NAP = 2;

/** Runs things at their time, exact to some tenths of a millisecond, without spinning. */
export class Alarm {
  /** By time; those of the same time in the order in which they came. */
  readonly #appointments: Appointment[] = [];
  readonly #bed = new Int32Array(new SharedArrayBuffer(4));
  #armed: { readonly due: number; readonly disarm: () => void } | null = null;
  #stopped = false;

  /** @param due in milliseconds of performance.now() */
  at(due: number, run: () => void): void {
    let place = this.#appointments.length;
    while (place > 0 && (this.#appointments[place - 1]?.due ?? 0) > due) place--;
    this.#appointments.splice(place, 0, { due, run });
    this.#arm();
  }

  /** Nothing is run until {@link start}. */
  stop(): void {
    this.#stopped = true;
    this.#armed?.disarm();
    this.#armed = null;
  }

  /** Runs at once what should have been run since {@link stop}. */
  start(): void {
    this.#stopped = false;
    this.#arm();
  }

  #arm(): void {
    const due = this.#appointments[0]?.due;
    if (due === undefined || this.#stopped) return;
    if (this.#armed !== null && this.#armed.due <= due) return;
    this.#armed?.disarm();
    const left = due - performance.now();
    const run = (): void => {
      this.#armed = null;
      this.#runDue();
    };
    if (left > NAP) {
      const timer = setTimeout(run, Math.max(1, Math.floor(left - 1)));
      this.#armed = {
        due,
        disarm() {
          clearTimeout(timer);
        },
      };
    } else {
      // Not at once: what came over the sockets in the meantime has to be seen.
      const soon = setImmediate(run);
      this.#armed = {
        due,
        disarm() {
          clearImmediate(soon);
        },
      };
    }
  }

  #runDue(): void {
    const [first] = this.#appointments;
    if (first === undefined) return;
    const left = first.due - performance.now();
    if (left > 0 && left <= NAP) Atomics.wait(this.#bed, 0, 0, left);
    const now = performance.now();
    for (let next = this.#appointments[0]; next !== undefined && next.due <= now;) {
      this.#appointments.shift();
      next.run();
      next = this.#appointments[0];
    }
    this.#arm();
  }
}
