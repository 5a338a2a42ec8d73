import { loadDisplayGuard } from './display-guard.js';
import type { VncDisplay } from './gtk-vnc.js';

/** How long to wait before the socket is tried again, in milliseconds. */
const RETRY_DELAY = 200;
/** A connection that is lost this often in a row, soon after it was made, has no screen behind it. */
const MANY_LOSSES = 10;
const SOON_MILLISECONDS = 1000;

/**
 * Keeps a VNC widget connected to a unix socket: tries until the server is there, and again when the
 * connection is lost, for as long as it is wanted.
 */
export class DisplayConnection {
  readonly #display: VncDisplay;
  readonly #guard = loadDisplayGuard();
  #path: string | null = null;
  #mostMotions = 0;
  #retry: NodeJS.Timeout | null = null;
  #ready = false;
  #lastTry = 0;
  #lossesInARow = 0;

  constructor(display: VncDisplay, onLost: () => void) {
    this.#display = display;
    display.on('vnc-initialized', () => {
      this.#ready = this.#path !== null;
    });
    display.on('vnc-disconnected', () => {
      this.#ready = false;
      if (this.#path === null) return;
      const soon = performance.now() - this.#lastTry < SOON_MILLISECONDS;
      this.#lossesInARow = soon ? this.#lossesInARow + 1 : 0;
      // Never from inside the signal: GtkVnc aborts the process if it is opened again there.
      this.#tryLater();
      onLost();
    });
  }

  /** Whether there is a picture of the server that is wanted. */
  get ready(): boolean {
    return this.#ready;
  }

  /** Whether trying is in vain, as far as can be told. */
  get futile(): boolean {
    return this.#lossesInARow >= MANY_LOSSES;
  }

  /**
   * Connects, or changes to another socket.
   *
   * @param mostMotions of the pointer in a second; null: as many as there are
   */
  open(path: string, mostMotions: number | null): void {
    if (this.#path === path) return;
    const wasConnected = this.#display.isOpen();
    this.#path = path;
    this.#mostMotions = mostMotions ?? 0;
    this.#ready = false;
    this.#lossesInARow = 0;
    // While the old connection closes the widget cannot be opened; its end leads to the next try.
    if (wasConnected) this.#display.close();
    else this.#tryNow();
  }

  /** Disconnects and stays so. */
  close(): void {
    this.#path = null;
    this.#ready = false;
    this.#cancelRetry();
    if (this.#display.isOpen()) this.#display.close();
  }

  #tryNow(): void {
    this.#cancelRetry();
    if (this.#path === null || this.#display.isOpen()) return;
    this.#lastTry = performance.now();
    const connection = this.#guard.connect(this.#path, this.#mostMotions);
    if (connection < 0) this.#tryLater();
    else this.#display.openFd(connection);
  }

  #tryLater(): void {
    this.#cancelRetry();
    this.#retry = setTimeout(() => {
      this.#tryNow();
    }, RETRY_DELAY);
  }

  #cancelRetry(): void {
    if (this.#retry !== null) clearTimeout(this.#retry);
    this.#retry = null;
  }
}
