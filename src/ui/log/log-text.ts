import { Gtk, type Widget } from '../gtk.js';

const MARGIN = 12;
const HANGING_INDENT = 24;

/** The lines of a log as text that can be selected; its end stays in sight until somebody scrolls. */
export class LogText {
  readonly widget: Widget;
  readonly #view: InstanceType<typeof Gtk.TextView>;
  readonly #buffer: InstanceType<typeof Gtk.TextBuffer>;
  readonly #scroller: InstanceType<typeof Gtk.ScrolledWindow>;
  readonly #end: InstanceType<typeof Gtk.TextMark>;

  /** @param name for screen readers */
  constructor(name: string) {
    this.#view = new Gtk.TextView({
      editable: false,
      cursorVisible: false,
      monospace: true,
      wrapMode: Gtk.WrapMode.WORD_CHAR,
      leftMargin: MARGIN,
      rightMargin: MARGIN,
      topMargin: MARGIN,
      bottomMargin: MARGIN,
      indent: -HANGING_INDENT,
    });
    // Times, codes and addresses, in every language.
    this.#view.setDirection(Gtk.TextDirection.LTR);
    this.#view.getAccessible().setName(name);
    this.#buffer = this.#view.getBuffer();
    this.#end = this.#buffer.createMark(null, this.#buffer.getEndIter(), false);
    this.#scroller = new Gtk.ScrolledWindow({ vexpand: true });
    this.#scroller.add(this.#view);
    this.widget = this.#scroller;
  }

  /** Whether the last line is in sight. */
  get isAtEnd(): boolean {
    const adjustment = this.#scroller.getVadjustment();
    const below = adjustment.getUpper() - adjustment.getPageSize() - adjustment.getValue();
    return below <= MARGIN * 2;
  }

  /** Shows these lines in the place of all, and their end. */
  replace(lines: readonly string[]): void {
    this.#buffer.setText(textOf(lines), -1);
    this.#showEnd();
  }

  /** @param dropped so many of the first lines go */
  change(dropped: number, appended: readonly string[]): void {
    const follows = this.isAtEnd;
    if (dropped > 0) {
      this.#buffer.delete(this.#buffer.getStartIter(), this.#buffer.getIterAtLine(dropped));
    }
    this.#buffer.insert(this.#buffer.getEndIter(), textOf(appended), -1);
    if (follows) this.#showEnd();
  }

  #showEnd(): void {
    // Once the lines have heights.
    setImmediate(() => {
      this.#view.scrollToMark(this.#end, 0, true, 0, 1);
    });
  }
}

function textOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}
