import { Gtk, type Label, type Widget } from '../gtk.js';
import { translate } from '../translate.js';

const HEIGHT = 200;
const WIDTH = 480;

/** Shows the end of the session's log when a person opens it; plain text. */
export class LogExpander {
  readonly widget: Widget;
  readonly #expander: InstanceType<typeof Gtk.Expander>;
  readonly #text: Label;

  constructor(readLog: () => Promise<string>) {
    this.#text = new Gtk.Label({ selectable: true, xalign: 0, yalign: 0, margin: 12 });
    this.#text.getStyleContext().addClass('status-details');
    this.#text.setDirection(Gtk.TextDirection.LTR);
    const scroller = new Gtk.ScrolledWindow({
      widthRequest: WIDTH,
      heightRequest: HEIGHT,
      shadowType: Gtk.ShadowType.IN,
      marginTop: 6,
    });
    scroller.add(this.#text);
    this.#expander = new Gtk.Expander({ label: translate('Log'), halign: Gtk.Align.CENTER });
    this.#expander.add(scroller);
    this.#expander.on('activate', () => {
      void readLog().then((log) => {
        this.#text.setText(log === '' ? translate('Nothing was written down.') : log.trimEnd());
      });
    });
    this.widget = this.#expander;
  }

  fold(): void {
    this.#expander.setExpanded(false);
  }
}
