import { Gdk, Gtk, type Overlay, type Widget, type Window } from './gtk.js';
import { iconButton } from './icon-button.js';
import { MachineMenu } from './machine-menu.js';
import { translate } from './translate.js';

/** So near to the upper edge the pointer calls the toolbar, in pixels. */
const EDGE_HEIGHT = 2;
/** It stays so long when the whole screen is taken, and after the pointer has left it, in milliseconds. */
const FIRST_MILLISECONDS = 4000;
const LEFT_MILLISECONDS = 700;

const HINT = translate('F11 leaves full screen');

/**
 * The window over the whole screen. Its toolbar slides in when that begins and whenever the pointer is at
 * the upper edge; with the key, the way back is always there.
 */
export class FullScreen {
  readonly #window: Window;
  readonly #bar: InstanceType<typeof Gtk.HeaderBar>;
  readonly #revealer: InstanceType<typeof Gtk.Revealer>;
  readonly #edge: Widget;
  readonly #menu = new MachineMenu();
  #hiding: NodeJS.Timeout | null = null;
  #on = false;

  /**
   * @param overlay above what the window shows
   * @param leave the window's action
   */
  constructor(window: Window, overlay: Overlay, leave: () => void, quit: () => void) {
    this.#window = window;
    this.#bar = new Gtk.HeaderBar({ hasSubtitle: true, subtitle: HINT });
    const restore = iconButton('view-restore-symbolic', translate('Leave Full Screen')).on(
      'clicked',
      leave,
    );
    const close = iconButton('window-close-symbolic', translate('Quit')).on('clicked', quit);
    this.#bar.packEnd(close);
    this.#bar.packEnd(restore);
    this.#bar.packEnd(this.#menu.widget);
    this.#bar.showAll();
    this.#revealer = new Gtk.Revealer({
      transitionType: Gtk.RevealerTransitionType.SLIDE_DOWN,
      valign: Gtk.Align.START,
      noShowAll: true,
    });
    this.#revealer.add(this.#watched(this.#bar));
    this.#edge = new Gtk.EventBox({
      valign: Gtk.Align.START,
      heightRequest: EDGE_HEIGHT,
      visibleWindow: false,
      aboveChild: true,
      noShowAll: true,
    });
    this.#edge.addEvents(Gdk.EventMask.ENTER_NOTIFY_MASK | Gdk.EventMask.LEAVE_NOTIFY_MASK);
    this.#edge.on('enter-notify-event', () => {
      this.#reveal();
      return false;
    });
    this.#edge.on('leave-notify-event', () => {
      // If not for the toolbar, which says so.
      this.#hideAfter(LEFT_MILLISECONDS);
      return false;
    });
    overlay.addOverlay(this.#revealer);
    // Above the toolbar, which lies there also while it is not seen.
    overlay.addOverlay(this.#edge);
    // Also when the window manager does it.
    window.on('window-state-event', ({ newWindowState }) => {
      this.#become((newWindowState & Gdk.WindowState.FULLSCREEN) !== 0);
      return false;
    });
  }

  /** What slides in. */
  get bar(): Widget {
    return this.#bar;
  }

  get isOn(): boolean {
    return this.#on;
  }

  /** Has the toolbar come, and gives it the keyboard: it stays for as long. */
  focus(): void {
    this.#reveal();
    this.#menu.focus();
    this.#hideAfter(LEFT_MILLISECONDS);
  }

  setTitle(title: string): void {
    this.#bar.setTitle(title);
  }

  /** A passing hint, for which the toolbar comes for a while; null for none. */
  setHint(hint: string | null): void {
    this.#bar.setSubtitle(hint ?? HINT);
    if (!this.#on || hint === null) return;
    this.#reveal();
    this.#hideAfter(FIRST_MILLISECONDS);
  }

  toggle(): void {
    if (this.#on) this.#window.unfullscreen();
    else this.#window.fullscreen();
  }

  #become(on: boolean): void {
    if (on === this.#on) return;
    this.#on = on;
    this.#edge.setVisible(on);
    this.#revealer.setVisible(on);
    this.#menu.close();
    if (on) {
      this.#reveal();
      this.#hideAfter(FIRST_MILLISECONDS);
    } else {
      this.#stopHiding();
      this.#revealer.setRevealChild(false);
    }
  }

  /** The toolbar in a box that notices when the pointer comes and goes. */
  #watched(bar: Widget): Widget {
    const box = new Gtk.EventBox({ visible: true });
    box.add(bar);
    box.addEvents(Gdk.EventMask.ENTER_NOTIFY_MASK | Gdk.EventMask.LEAVE_NOTIFY_MASK);
    box.on('enter-notify-event', () => {
      this.#stopHiding();
      return false;
    });
    box.on('leave-notify-event', ({ detail }) => {
      // Into one of its own buttons is not away.
      if (detail !== Gdk.NotifyType.INFERIOR) this.#hideAfter(LEFT_MILLISECONDS);
      return false;
    });
    return box;
  }

  #reveal(): void {
    this.#stopHiding();
    this.#revealer.setRevealChild(true);
  }

  #hideAfter(milliseconds: number): void {
    this.#stopHiding();
    this.#hiding = setTimeout(() => {
      if (this.#isUsed) this.#hideAfter(LEFT_MILLISECONDS);
      else this.#revealer.setRevealChild(false);
    }, milliseconds);
  }

  /** Whether somebody chooses in its menu, or has the keyboard in it. */
  get #isUsed(): boolean {
    return this.#menu.isOpen || this.#window.getFocus()?.isAncestor(this.#bar) === true;
  }

  #stopHiding(): void {
    if (this.#hiding !== null) clearTimeout(this.#hiding);
    this.#hiding = null;
  }
}
