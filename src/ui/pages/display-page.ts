import { DisplayConnection } from '../display-connection.js';
import type { Widget } from '../gtk.js';
import { GtkVnc, type Pixbuf, type VncDisplay } from '../gtk-vnc.js';
import { ScaledScreen } from '../scaled-screen.js';
import { onRelease } from '../keyboard-release.js';
import { translate } from '../translate.js';
import type { Size } from '../window-fitting.js';
import type { Page } from './page.js';

export interface DisplayEvents {
  /** There is a picture now, or there is none any more and another connection is being tried. */
  readonly onConnection: () => void;
  /** The guest's screen is seen whole at this size from now on, in the desktop's pixels. */
  readonly onResolution: (size: Size) => void;
  /** The guest has taken the pointer for itself, or given it back. */
  readonly onPointerGrab: (grabbed: boolean) => void;
  /** Somebody wants the keyboard elsewhere: here the guest has every key. */
  readonly onRelease: () => void;
}

/**
 * The guest's screen. There is one for the life of the window, whatever becomes of the machine:
 * every new VNC widget would leak more than a megabyte.
 */
export class DisplayPage implements Page {
  readonly name = 'display';
  readonly widget: Widget;
  readonly scaled: ScaledScreen;
  readonly #display: VncDisplay;
  readonly #connection: DisplayConnection;
  #hasPointer = false;

  constructor(events: DisplayEvents) {
    const display = new GtkVnc.Display({
      scaling: true,
      keepAspectRatio: true,
      // The window decides about its size, and the guest about its resolution.
      forceSize: false,
      allowResize: false,
      // Keys such as Alt+Tab belong to the guest while the pointer is over its screen. The pointer
      // itself is taken only by a guest that has no absolute one, at a click.
      grabKeyboard: true,
      grabPointer: true,
      localPointer: true,
      // The machine's sound comes by a connection of its own.
      sharedFlag: true,
      canFocus: true,
      visible: true,
    });
    display.getAccessible().setName(translate('Screen of the machine'));
    this.#display = display;
    this.#connection = new DisplayConnection(display, events.onConnection);
    this.scaled = new ScaledScreen(display);
    this.widget = this.scaled.widget;
    const resize = (size: Size): void => {
      this.scaled.setGuest(size);
      events.onResolution(this.scaled.naturalSize ?? size);
    };
    display.on('vnc-initialized', () => {
      resize({ width: display.getWidth(), height: display.getHeight() });
      events.onConnection();
    });
    display.on('vnc-desktop-resize', (width, height) => {
      resize({ width, height });
    });
    display.on('vnc-pointer-grab', () => {
      this.#hasPointer = true;
      events.onPointerGrab(true);
    });
    display.on('vnc-pointer-ungrab', () => {
      this.#hasPointer = false;
      events.onPointerGrab(false);
    });
    onRelease(display, events.onRelease);
    // Whoever turns to another page, a dialog or a menu finds pointer and keyboard free.
    display.on('unmap', () => {
      this.#letGo();
    });
    display.on('focus-out-event', () => {
      this.#letGo();
      return false;
    });
    // While the guest has the keyboard, X11 does not tell the window that it has lost it to a dialog.
    display.on('grab-notify', (wasGrabbed) => {
      if (!wasGrabbed) this.#letGo();
    });
  }

  /**
   * Shows what the VNC server at this socket shows, as soon as it can be reached.
   *
   * @param mostMotions of the pointer in a second that its guest can take; null: as many as there are
   */
  open(socketPath: string, mostMotions: number | null): void {
    this.#connection.open(socketPath, mostMotions);
  }

  /** Whether there is a picture to look at. */
  get ready(): boolean {
    return this.#connection.ready;
  }

  /** Whether there is no screen at the socket, however often one tries. */
  get futile(): boolean {
    return this.#connection.futile;
  }

  close(): void {
    this.#connection.close();
  }

  /** Presses keys one after another and lets them go again, as if a person did it. X11's numbers. */
  sendKeys(keys: readonly number[]): void {
    if (this.ready && keys.length > 0) this.#display.sendKeys([...keys]);
  }

  /** What is on the guest's screen. */
  picture(): Pixbuf {
    return this.#display.getPixbuf();
  }

  focus(): void {
    this.#display.grabFocus();
  }

  #letGo(): void {
    if (this.#hasPointer) this.#display.forceGrab(false);
    // It takes the keyboard again when the pointer comes again.
    this.#display.setKeyboardGrab(false);
    this.#display.setKeyboardGrab(true);
  }
}
