import type { VmnetxError } from '../core/errors/index.js';
import { DismissibleBanner } from './banner.js';
import { copyReport } from './error-report.js';
import { Gtk } from './gtk.js';
import { startedFromDisk } from './state-words.js';
import { translate } from './translate.js';

const COPY = translate('Copy Details');

/** Says why a machine that was saved while it ran was started from its disk. */
export class MemoryBanner extends DismissibleBanner {
  readonly #copy: InstanceType<typeof Gtk.Button>;
  #error: VmnetxError | null = null;

  constructor(onDismiss: () => void) {
    const copy = new Gtk.Button({ label: COPY, focusOnClick: false });
    super(onDismiss, copy);
    this.#copy = copy.on('clicked', () => {
      if (this.#error === null) return;
      copyReport(this.widget, startedFromDisk(this.#error), this.#error);
      copy.setLabel(translate('Copied'));
    });
  }

  /** Null takes the banner away. */
  showError(error: VmnetxError | null): void {
    if (error !== this.#error) this.#copy.setLabel(COPY);
    this.#error = error;
    this.show(error === null ? null : startedFromDisk(error));
  }
}
