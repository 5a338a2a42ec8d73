import type { ActivityReport, Session } from '../../core/session/index.js';
import { PACE_SECONDS, type PaceSample } from '../../core/vmnetfs/index.js';
import { Gdk, Gtk, type Window } from '../gtk.js';
import { translate } from '../translate.js';
import { Figures } from './figures.js';
import { ImagePanel } from './image-panel.js';
import { PaceGraph } from './pace-graph.js';
import { millisecondsWords, rateWords } from './quantity-words.js';

const SIZE = { width: 760, height: 720 };
/** A scale that ends below makes much of nothing. */
const LEAST_RATE = 100_000;
const LEAST_ROUND_TRIP = 10;

/**
 * A window of its own that shows what a machine does with its images: maps, figures and graphs. Looks
 * at the session from when it is made until it is closed.
 */
export class ActivityWindow {
  readonly #window: Window;
  readonly #stack = new Gtk.Stack();
  readonly #column = new Gtk.Box({
    orientation: Gtk.Orientation.VERTICAL,
    spacing: 18,
    margin: 18,
  });
  readonly #maps = new Gtk.Box({ orientation: Gtk.Orientation.VERTICAL, spacing: 18 });
  readonly #figures = new Figures();
  readonly #rate = new PaceGraph({
    title: translate('Network rate'),
    words: rateWords,
    leastTop: LEAST_RATE,
  });
  readonly #roundTrip = new PaceGraph({
    title: translate('Round trip'),
    words: millisecondsWords,
    leastTop: LEAST_ROUND_TRIP,
  });
  readonly #panels = new Map<string, ImagePanel>();
  #pace: readonly PaceSample[] = [];

  /** @param parent the machine's window, which it stays with */
  constructor(parent: Window, session: Pick<Session, 'watchActivity'>, onClosed: () => void) {
    this.#window = new Gtk.Window({
      type: Gtk.WindowType.TOPLEVEL,
      title: translate('Activity'),
      transientFor: parent,
      destroyWithParent: true,
      defaultWidth: SIZE.width,
      defaultHeight: SIZE.height,
    });
    this.#window.setTitlebar(
      new Gtk.HeaderBar({
        title: translate('Activity'),
        showCloseButton: true,
        hasSubtitle: false,
      }),
    );
    this.#window.add(this.#content());
    this.#window.on('key-press-event', ({ keyval }) => {
      if (keyval !== Gdk.KEY_Escape) return false;
      this.#window.close();
      return true;
    });
    const stop = session.watchActivity((report) => {
      this.#follow(report);
    });
    this.#window.on('destroy', () => {
      stop();
      onClosed();
    });
    this.#window.showAll();
  }

  /** Brings it before the other windows. */
  present(): void {
    this.#window.present();
  }

  #content(): InstanceType<typeof Gtk.Stack> {
    const nothing = new Gtk.Label({ label: translate('The machine has no disk yet.'), wrap: true });
    nothing.getStyleContext().addClass('dim-label');
    const graphs = new Gtk.Box({ homogeneous: true, spacing: 24 });
    graphs.packStart(this.#rate.widget, true, true, 0);
    graphs.packStart(this.#roundTrip.widget, true, true, 0);
    this.#column.packStart(this.#figures.widget, false, false, 0);
    this.#column.packStart(this.#maps, true, true, 0);
    this.#column.packStart(graphs, false, false, 0);
    // A small window scrolls rather than forcing its size on the person.
    const scroller = new Gtk.ScrolledWindow({ hscrollbarPolicy: Gtk.PolicyType.NEVER });
    scroller.add(this.#column);
    this.#stack.addNamed(nothing, 'nothing');
    this.#stack.addNamed(scroller, 'activity');
    return this.#stack;
  }

  #follow(report: ActivityReport): void {
    if (report.anew) this.#begin(report);
    for (const image of report.images) this.#panels.get(image.image)?.follow(image, report.anew);
    // A second has passed: what changes faster can neither be read nor listened to.
    if (report.anew || report.pace.length > 0) this.#say(report);
  }

  /** The machine may have other images than before. */
  #begin({ images }: ActivityReport): void {
    this.#pace = [];
    const names = images.map(({ image }) => image);
    if (names.join() === [...this.#panels.keys()].join()) return;
    for (const panel of this.#panels.values()) panel.widget.destroy();
    this.#panels.clear();
    for (const name of names) {
      const panel = new ImagePanel(name === 'memory' ? 'memory' : 'disk');
      this.#panels.set(name, panel);
      // The disk is what there is most to be seen of.
      this.#maps.packStart(panel.widget, name === 'disk', true, 0);
      panel.widget.showAll();
    }
    this.#stack.setVisibleChildName('activity');
  }

  #say(report: ActivityReport): void {
    for (const { image, sizeBytes } of report.images) this.#panels.get(image)?.say(sizeBytes);
    this.#figures.show(report);
    this.#pace = [...this.#pace, ...report.pace].slice(-PACE_SECONDS);
    this.#rate.show(this.#pace.map(({ bytesPerSecond }) => bytesPerSecond));
    this.#roundTrip.show(this.#pace.map(({ roundTripMilliseconds }) => roundTripMilliseconds));
  }
}
