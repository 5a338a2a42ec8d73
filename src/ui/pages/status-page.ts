import { Gtk, Pango, type Box, type Button, type Label, type Widget } from '../gtk.js';

/** Titles longer than this, in characters, are set smaller so that they stay sentences. */
const LONG_TITLE = 80;
const ICON_SIZE = 96;
const TEXT_WIDTH = 60;

/**
 * The layout that pages without a picture share: a large icon, a headline, a sentence, room for
 * more, and a row of buttons, all in the middle. Every text is plain, never markup.
 */
export class StatusPage {
  readonly widget: Widget;
  readonly #column: Box;
  readonly #title: Label;
  readonly #description: Label;
  readonly #buttons: Box;

  constructor(iconName: string) {
    this.#column = new Gtk.Box({
      orientation: Gtk.Orientation.VERTICAL,
      spacing: 12,
      halign: Gtk.Align.CENTER,
      valign: Gtk.Align.CENTER,
      margin: 36,
    });
    const icon = new Gtk.Image({ iconName, pixelSize: ICON_SIZE, marginBottom: 12 });
    icon.getStyleContext().addClass('status-icon');
    this.#title = centredText();
    this.#title.getStyleContext().addClass('status-title');
    this.#description = centredText();
    this.#buttons = new Gtk.Box({ spacing: 12, halign: Gtk.Align.CENTER, marginTop: 18 });
    for (const part of [icon, this.#title, this.#description, this.#buttons]) {
      this.#column.packStart(part, false, false, 0);
    }
    // A small window scrolls rather than forcing its size on the person.
    const scroller = new Gtk.ScrolledWindow({ hscrollbarPolicy: Gtk.PolicyType.NEVER });
    scroller.add(this.#column);
    scroller.showAll();
    this.widget = scroller;
  }

  /** An empty description takes no room. */
  setText(title: string, description: string): void {
    this.#title.setText(title);
    const style = this.#title.getStyleContext();
    if (title.length > LONG_TITLE) style.addClass('long');
    else style.removeClass('long');
    this.#description.setText(description);
    this.#description.setVisible(description !== '');
  }

  /** Puts a widget between the description and the buttons. */
  addContent(content: Widget): void {
    this.#column.packStart(content, false, false, 0);
    this.#column.reorderChild(this.#buttons, -1);
    content.showAll();
  }

  addButton(label: string, onClick: () => void): Button {
    const button = new Gtk.Button({ label, widthRequest: 120 });
    button.on('clicked', onClick);
    this.#buttons.packStart(button, false, false, 0);
    button.show();
    return button;
  }
}

function centredText(): Label {
  return new Gtk.Label({
    wrap: true,
    wrapMode: Pango.WrapMode.WORD_CHAR,
    justify: Gtk.Justification.CENTER,
    maxWidthChars: TEXT_WIDTH,
    selectable: false,
  });
}
