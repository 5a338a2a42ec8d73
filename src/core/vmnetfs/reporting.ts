import type { StatisticsReport } from './statistics-report.js';

/** What can be reported on. */
export interface Reporter {
  /** The numbers now, and what changed since the last call. */
  report(): StatisticsReport;
}

/** Sends reports at regular times. */
export class Reporting {
  readonly #send: (report: StatisticsReport) => void;
  #timer: NodeJS.Timeout | null = null;

  constructor(send: (report: StatisticsReport) => void) {
    this.#send = send;
  }

  /** Sends one report at once, then one each interval; null ends them. */
  start(reporter: Reporter | null, intervalMilliseconds: number | null): void {
    this.stop();
    if (reporter === null || intervalMilliseconds === null) return;
    const send = (): void => {
      this.#send(reporter.report());
    };
    send();
    this.#timer = setInterval(send, intervalMilliseconds);
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }
}
