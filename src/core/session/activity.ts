import type { StatisticsReport, Vmnetfs } from '../vmnetfs/index.js';

/** As often as an eye can follow, in milliseconds. */
const INTERVAL_MILLISECONDS = 250;

/** What becomes of the machine's images, and of the way to its package. */
export type ActivityReport = StatisticsReport;

/**
 * Those who look at what the mount of a machine does, whichever is its mount at the time. Nothing is
 * sent while nobody looks.
 */
export class Activity {
  readonly #listeners = new Set<(report: ActivityReport) => void>();
  #mount: Pick<Vmnetfs, 'statistics'> | null = null;
  #stop: (() => void) | null = null;

  /** The machine has this mount from now on. */
  follow(mount: Pick<Vmnetfs, 'statistics'>): void {
    this.#mount = mount;
    this.#ask();
  }

  /** Has all reports told, from one of everything on; returns what ends that. */
  watch(listener: (report: ActivityReport) => void): () => void {
    const own = (report: ActivityReport): void => {
      listener(report);
    };
    this.#listeners.add(own);
    this.#ask();
    return () => {
      this.#listeners.delete(own);
      if (this.#listeners.size === 0) this.#end();
    };
  }

  /** Begins anew, so that whoever came last is told everything. */
  #ask(): void {
    this.#end();
    if (this.#listeners.size === 0 || this.#mount === null) return;
    this.#stop = this.#mount.statistics((report) => {
      for (const listener of [...this.#listeners]) listener(report);
    }, INTERVAL_MILLISECONDS);
  }

  #end(): void {
    this.#stop?.();
    this.#stop = null;
  }
}
