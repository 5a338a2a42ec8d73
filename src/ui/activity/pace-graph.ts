import { PACE_SECONDS } from '../../core/vmnetfs/index.js';
import type { Canvas } from '../cairo.js';
import { Gtk, type Label, type Widget } from '../gtk.js';
import { translate } from '../translate.js';
import type { Size } from '../window-fitting.js';
import { graphTop, linesOf, type Point } from './graph-scale.js';
import { paletteFor } from './palette.js';

const HEIGHT = 72;
const LINE_WIDTH = 1.5;
/** How much of the text's colour the lines of the scale have, and of its own what is below a line. */
const SCALE_ALPHA = 0.25;
const BELOW_ALPHA = 0.25;

export interface GraphOptions {
  readonly title: string;
  /** A value with its unit. */
  readonly words: (value: number) => string;
  /** The scale never ends below it. */
  readonly leastTop: number;
}

/** How a value went in the last minutes: a line as one reads, now at its end. */
export class PaceGraph {
  readonly widget: Widget;
  readonly #options: GraphOptions;
  readonly #area = new Gtk.DrawingArea({ heightRequest: HEIGHT, hexpand: true });
  readonly #now: Label = new Gtk.Label({ xalign: 1 });
  readonly #top = scaleLabel(Gtk.Align.START);
  #values: readonly (number | null)[] = [];

  constructor(options: GraphOptions) {
    this.#options = options;
    const title = new Gtk.Label({ label: options.title, xalign: 0 });
    title.getStyleContext().addClass('activity-heading');
    this.#now.getStyleContext().addClass('numeric');
    this.#area.getAccessible().setName(options.title);
    this.#area.on('draw', (canvas) => {
      this.#draw(canvas);
      return false;
    });
    const heading = new Gtk.Box({ spacing: 12, marginBottom: 6 });
    heading.packStart(title, true, true, 0);
    heading.packEnd(this.#now, false, false, 0);
    const zero = scaleLabel(Gtk.Align.END);
    zero.setText('0');
    const grid = new Gtk.Grid({ columnSpacing: 6, rowSpacing: 2 });
    grid.attach(heading, 0, 0, 3, 1);
    grid.attach(this.#area, 0, 1, 2, 2);
    grid.attach(this.#top, 2, 1, 1, 1);
    grid.attach(zero, 2, 2, 1, 1);
    const minutes = PACE_SECONDS / 60;
    const first = scaleLabel(Gtk.Align.START);
    first.setText(translate('{minutes} minutes ago', { minutes }));
    const last = scaleLabel(Gtk.Align.START);
    last.setXalign(1);
    last.setText(translate('now'));
    grid.attach(first, 0, 3, 1, 1);
    grid.attach(last, 1, 3, 1, 1);
    this.widget = grid;
  }

  /** @param values one a second, the newest last; null: not known */
  show(values: readonly (number | null)[]): void {
    const { words } = this.#options;
    this.#values = values;
    const known = values.filter((value) => value !== null);
    const now = values.at(-1) ?? null;
    this.#now.setText(now === null ? '—' : words(now));
    this.#top.setText(words(this.#scale()));
    const highest = words(Math.max(0, ...known));
    this.#area.getAccessible().setDescription(
      now === null
        ? translate('At most {highest} in the last minutes', { highest })
        : translate('{now} now, at most {highest} in the last minutes', {
            now: words(now),
            highest,
          }),
    );
    this.#area.queueDraw();
  }

  #scale(): number {
    return graphTop(this.#values, this.#options.leastTop);
  }

  #draw(canvas: Canvas): void {
    const { width, height } = this.#area.getAllocation();
    if (this.#area.getDirection() === Gtk.TextDirection.RTL) {
      canvas.translate(width, 0);
      canvas.scale(-1, 1);
    }
    const text = this.#area.getStyleContext().getColor(Gtk.StateFlags.NORMAL);
    canvas.setSourceRgba(text.red, text.green, text.blue, SCALE_ALPHA);
    for (const y of [0, Math.floor(height / 2), height - 1]) canvas.rectangle(0, y, width, 1);
    canvas.fill();
    const inner = { width, height: height - 1 };
    const [red, green, blue] = paletteFor(this.#area).ahead;
    for (const line of linesOf(this.#values, PACE_SECONDS, this.#scale(), inner)) {
      canvas.setSourceRgba(red, green, blue, BELOW_ALPHA);
      fillBelow(canvas, line, inner);
      canvas.setSourceRgb(red, green, blue);
      canvas.setLineWidth(LINE_WIDTH);
      follow(canvas, line);
      canvas.stroke();
    }
  }
}

function follow(canvas: Canvas, line: readonly Point[]): void {
  const [first] = line;
  // One value alone is as wide as a second.
  if (first !== undefined) canvas.moveTo(first.x - 1, first.y);
  for (const { x, y } of line) canvas.lineTo(x, y);
}

function fillBelow(canvas: Canvas, line: readonly Point[], { height }: Size): void {
  const [first, last] = [line[0], line.at(-1)];
  if (first === undefined || last === undefined) return;
  follow(canvas, line);
  canvas.lineTo(last.x, height);
  canvas.lineTo(first.x - 1, height);
  canvas.closePath();
  canvas.fill();
}

function scaleLabel(valign: InstanceType<typeof Gtk.Label>['valign']): Label {
  const label = new Gtk.Label({ xalign: 0, valign });
  for (const name of ['dim-label', 'numeric', 'activity-scale']) {
    label.getStyleContext().addClass(name);
  }
  return label;
}
