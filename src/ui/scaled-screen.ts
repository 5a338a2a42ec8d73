import { Gtk, type Widget } from './gtk.js';
import type { VncDisplay } from './gtk-vnc.js';
import { nextZoom, percentWithin, sizeAt, type Scaling } from './screen-scaling.js';
import type { Size } from './window-fitting.js';

/**
 * The guest's screen at the size that the person wants, whatever its resolution: fitted into its place,
 * or in the middle of it, with bars to move it where the place is too small. Enlarged, its pixels stay
 * sharp squares unless that is not wanted; shrunk, they melt, for else lines would be lost.
 */
export class ScaledScreen {
  readonly widget: Widget;
  readonly #display: VncDisplay;
  readonly #scroller: InstanceType<typeof Gtk.ScrolledWindow>;
  #guest: Size | null = null;
  #scaling: Scaling = 'fit';
  #smooth = false;

  /** @param display one that scales its picture to its own size */
  constructor(display: VncDisplay) {
    this.#display = display;
    this.#scroller = new Gtk.ScrolledWindow({
      visible: true,
      // Bars that come and go above the guest's screen would take clicks from it.
      overlayScrolling: false,
    });
    // Black all around: the edge of a scaled picture lets what is below it shine through.
    this.#scroller.getStyleContext().addClass('guest-screen');
    this.#scroller.add(display);
    this.widget = this.#scroller;
    display.on('size-allocate', () => {
      this.#chooseFilter();
    });
    display.on('notify::scale-factor', () => {
      this.#apply();
    });
    this.#apply();
  }

  get scaling(): Scaling {
    return this.#scaling;
  }

  /** The size at which the guest's screen needs no bars, in the desktop's pixels; null without a guest. */
  get naturalSize(): Size | null {
    if (this.#guest === null || this.#scaling === 'fit') return this.#guest;
    return sizeAt(this.#scaling, this.#guest, this.#display.getScaleFactor());
  }

  setGuest(guest: Size): void {
    this.#guest = guest;
    this.#apply();
  }

  scaleTo(scaling: Scaling): void {
    this.#scaling = scaling;
    this.#apply();
  }

  /** Goes to the next step from what is seen now; returns it, in percent. */
  zoom(direction: 'in' | 'out'): Scaling {
    const percent = this.#percent();
    if (percent !== null) this.scaleTo(nextZoom(percent, direction));
    return this.#scaling;
  }

  /** Whether an enlarged picture is blurred. */
  setSmooth(smooth: boolean): void {
    this.#smooth = smooth;
    this.#chooseFilter();
  }

  #apply(): void {
    const isFitted = this.#scaling === 'fit';
    const policy = isFitted ? Gtk.PolicyType.NEVER : Gtk.PolicyType.AUTOMATIC;
    const align = isFitted ? Gtk.Align.FILL : Gtk.Align.CENTER;
    const { width, height } = (isFitted ? null : this.naturalSize) ?? { width: -1, height: -1 };
    this.#scroller.setPolicy(policy, policy);
    this.#display.setHalign(align);
    this.#display.setValign(align);
    this.#display.setSizeRequest(width, height);
    this.#chooseFilter();
  }

  #chooseFilter(): void {
    const percent = this.#percent();
    this.#display.setSmoothing(this.#smooth || (percent !== null && percent < 100));
    this.#display.queueDraw();
  }

  /** What is seen, or null while there is nothing. */
  #percent(): number | null {
    if (this.#guest === null) return null;
    if (this.#scaling !== 'fit') return this.#scaling;
    const place = {
      width: this.#display.getAllocatedWidth(),
      height: this.#display.getAllocatedHeight(),
    };
    return percentWithin(place, this.#guest, this.#display.getScaleFactor());
  }
}
