import { Gtk, Pango, type Button, type Label, type Widget } from '../gtk.js';
import { translate } from '../translate.js';
import { UnhurriedLabel } from '../unhurried-label.js';
import type { Page } from './page.js';

const TEXT_WIDTH = 52;
const BAR_WIDTH = 320;
/** Room for all but trouble. No page is lower, however small a guest's screen is. */
const LEAST_HEIGHT = 240;

/** What is being done before there is a picture. Every text is plain. */
export interface Doing {
  readonly step: string;
  /** How far it is; null where nobody knows. */
  readonly progress: Progress | null;
  /** What keeps it from going on, and what else should be known meanwhile; or empty. */
  readonly trouble: string;
  readonly cancellable: boolean;
}

export interface Progress {
  /** 0 to 1. */
  readonly fraction: number;
  readonly words: string;
}

/**
 * Shown until there is a picture. Everything keeps its place: what is done and how far it is stand in
 * the middle, with room for what is not there at the moment, and trouble below.
 */
export class ConnectingPage implements Page {
  readonly name = 'connecting';
  readonly widget: Widget;
  readonly #step: Label;
  readonly #activity = new Gtk.Stack();
  readonly #spinner: Widget;
  readonly #bar = new Gtk.ProgressBar({
    halign: Gtk.Align.CENTER,
    valign: Gtk.Align.CENTER,
    widthRequest: BAR_WIDTH,
  });
  readonly #amount = new UnhurriedLabel();
  readonly #cancel: Button;
  readonly #trouble: Label;

  constructor(step: string, quit: () => void) {
    this.#step = new Gtk.Label({
      label: step,
      wrap: true,
      maxWidthChars: TEXT_WIDTH,
      justify: Gtk.Justification.CENTER,
    });
    this.#spinner = new Gtk.Spinner({ active: true, heightRequest: 32 });
    this.#bar.getAccessible().setName(translate('Progress'));
    this.#activity.add(this.#spinner);
    this.#activity.add(this.#bar);
    this.#amount.widget.getStyleContext().addClass('dim-label');
    this.#amount.widget.getStyleContext().addClass('numeric');
    this.#cancel = new Gtk.Button({
      label: translate('Cancel'),
      halign: Gtk.Align.CENTER,
      widthRequest: 120,
      marginTop: 12,
    }).on('clicked', quit);
    this.#trouble = new Gtk.Label({
      wrap: true,
      wrapMode: Pango.WrapMode.WORD_CHAR,
      maxWidthChars: TEXT_WIDTH,
      justify: Gtk.Justification.CENTER,
      halign: Gtk.Align.CENTER,
      valign: Gtk.Align.START,
    });
    this.#trouble.getStyleContext().addClass('dim-label');

    const middle = new Gtk.Box({ orientation: Gtk.Orientation.VERTICAL, spacing: 12 });
    for (const part of [this.#step, this.#activity, this.#amount.widget, this.#cancel]) {
      middle.packStart(part, false, false, 0);
    }
    const column = new Gtk.Box({
      orientation: Gtk.Orientation.VERTICAL,
      spacing: 24,
      margin: 36,
    });
    column.setCenterWidget(middle);
    column.packEnd(this.#trouble, true, true, 0);
    // Trouble may be long: a small window scrolls rather than growing.
    const scroller = new Gtk.ScrolledWindow({
      hscrollbarPolicy: Gtk.PolicyType.NEVER,
      minContentHeight: LEAST_HEIGHT,
    });
    scroller.add(column);
    scroller.showAll();
    this.widget = scroller;
  }

  show({ step, progress, trouble, cancellable }: Doing): void {
    this.#step.setText(step);
    this.#activity.setVisibleChild(progress === null ? this.#spinner : this.#bar);
    this.#bar.setFraction(progress?.fraction ?? 0);
    this.#amount.setText(progress?.words ?? '');
    // Not hidden: then everything else would move.
    this.#cancel.setChildVisible(cancellable);
    this.#trouble.setText(trouble);
  }

  focus(): void {
    // There is only one thing to choose here, and that should not happen by an Enter too many.
  }
}
