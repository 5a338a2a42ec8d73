import type { PublishProgress } from '../core/publish/index.js';
import { formatSize } from '../core/text/index.js';

const STEPS: Readonly<Record<PublishProgress['step'], string>> = {
  'packing-memory': 'Packing the memory',
  'copying-disk': 'Copying the disk',
  'writing-package': 'Writing the package',
};

const CLEAR_TO_END = '\x1b[K';

/** A line of a terminal for each step, which is written over itself. */
export class ProgressLine {
  #step: PublishProgress['step'] | null = null;

  constructor(private readonly write: (text: string) => unknown) {}

  show({ step, fraction, totalBytes }: PublishProgress): void {
    if (step !== this.#step) this.end();
    this.#step = step;
    const of = totalBytes === null ? '' : ` of ${formatSize(totalBytes)}`;
    this.write(`\r${STEPS[step]}: ${Math.floor(fraction * 100)} %${of}${CLEAR_TO_END}`);
  }

  /** What is written then has a line of its own. */
  end(): void {
    if (this.#step !== null) this.write('\n');
    this.#step = null;
  }
}
