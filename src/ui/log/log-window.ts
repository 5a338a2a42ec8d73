import { writeFile } from 'node:fs/promises';
import { APPLICATION_ID } from '../gtk-loop.js';
import { Gdk, Gtk, type Window } from '../gtk.js';
import { iconButton } from '../icon-button.js';
import { Toast } from '../toast.js';
import { translate } from '../translate.js';
import { LogFilterBar } from './log-filter-bar.js';
import { LogLines } from './log-lines.js';
import { LogText } from './log-text.js';
import { askWhereToSave } from './save-log.js';

const CONTROL: number = Gdk.ModifierType.CONTROL_MASK;
const SIZE = { defaultWidth: 900, defaultHeight: 560 };

/** Shows what a session writes down, as it does, in a window of its own. */
export class LogWindow {
  readonly #window: Window;
  readonly #lines = new LogLines();
  readonly #text = new LogText(translate('Entries of the log'));
  readonly #toast: Toast;
  readonly #closed = new AbortController();

  /**
   * @param follow brings whole lines until the signal
   * @param onClosed it is gone
   */
  constructor(follow: (signal: AbortSignal) => AsyncIterable<string>, onClosed: () => void) {
    this.#window = new Gtk.Window({
      type: Gtk.WindowType.TOPLEVEL,
      title: translate('Log'),
      iconName: APPLICATION_ID,
      windowPosition: Gtk.WindowPosition.CENTER,
      ...SIZE,
    });
    const header = new Gtk.HeaderBar({ title: translate('Log'), showCloseButton: true });
    const copy = (): void => {
      this.#copy();
    };
    const save = (): void => {
      this.#save();
    };
    header.packStart(iconButton('edit-copy-symbolic', translate('Copy')).on('clicked', copy));
    header.packStart(iconButton('document-save-symbolic', translate('Save…')).on('clicked', save));
    this.#window.setTitlebar(header);
    const bar = new LogFilterBar((filter) => {
      this.#lines.setFilter(filter);
      this.#text.replace(this.#lines.shown);
    });
    const column = new Gtk.Box({ orientation: Gtk.Orientation.VERTICAL });
    column.packStart(bar.widget, false, false, 0);
    column.packStart(this.#text.widget, true, true, 0);
    const overlay = new Gtk.Overlay();
    overlay.add(column);
    this.#toast = new Toast(overlay);
    this.#window.add(overlay);
    this.#window.on('key-press-event', ({ keyval, state }) => {
      const closes = keyval === Gdk.KEY_Escape || isControlW(keyval, state);
      if (closes) this.#window.close();
      return closes;
    });
    this.#window.on('destroy', () => {
      this.#closed.abort();
      onClosed();
    });
    this.#window.showAll();
    void this.#follow(follow(this.#closed.signal));
  }

  /** Puts it in front of the others. */
  present(): void {
    this.#window.present();
  }

  close(): void {
    this.#window.destroy();
  }

  async #follow(texts: AsyncIterable<string>): Promise<void> {
    for await (const text of texts) {
      if (this.#closed.signal.aborted) return;
      const { dropped, appended } = this.#lines.add(text);
      this.#text.change(dropped, appended);
    }
  }

  #copy(): void {
    Gtk.Clipboard.getDefault(this.#window.getDisplay()).setText(this.#shown, -1);
    this.#toast.show(translate('What is shown of the log is on the clipboard.'), null);
  }

  #save(): void {
    askWhereToSave(this.#window, (path) => {
      const saved = translate('What is shown of the log was saved.');
      const failed = translate('The log could not be saved as {path}.', { path });
      const tell = (text: string): void => {
        if (!this.#closed.signal.aborted) this.#toast.show(text, null);
      };
      writeFile(path, this.#shown).then(
        () => {
          tell(saved);
        },
        () => {
          tell(failed);
        },
      );
    });
  }

  get #shown(): string {
    return this.#lines.shown.map((line) => `${line}\n`).join('');
  }
}

function isControlW(keyval: number, state: number): boolean {
  const held = state & Gtk.acceleratorGetDefaultModMask();
  return keyval === Gdk.KEY_w && held === CONTROL;
}
