import type { StatisticsReport } from './statistics-report.js';

/** What can be reported on. */
export interface Reporter {
  /** The numbers now, and what changed since the last call; `anew`: since the beginning. */
  report(anew: boolean): StatisticsReport;
}

/** Sends reports at regular times. */
export class Reporting {
  readonly #send: (report: StatisticsReport) => void;
  #timer: NodeJS.Timeout | null = null;

  constructor(send: (report: StatisticsReport) => void) {
    this.#send = send;
  }

  /** Sends one report of all at once, then one of what changed each interval; null ends them. */
  start(reporter: Reporter | null, intervalMilliseconds: number | null): void {
    this.stop();
    if (reporter === null || intervalMilliseconds === null) return;
    this.#send(reporter.report(true));
    this.#timer = setInterval(() => {
      this.#send(reporter.report(false));
    }, intervalMilliseconds);
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }
}
