import type { SessionState } from '../core/session/index.js';
import { Banner, DismissibleBanner } from './banner.js';
import { Gtk, type Widget } from './gtk.js';
import { fetchedAgain, waitingForNetwork } from './state-words.js';

const SLOW = 'Hardware virtualisation (KVM) is not in use, so the machine runs slowly.';

/** What a person should know about a machine that runs, for as long as it is so. */
export class Banners {
  readonly #network: Banner;
  readonly #caching = new DismissibleBanner();
  readonly #slow = new DismissibleBanner();

  constructor(quit: () => void) {
    const button = new Gtk.Button({ label: 'Quit', focusOnClick: false });
    button.on('clicked', quit);
    this.#network = new Banner(button);
  }

  /** From the top. */
  get widgets(): readonly Widget[] {
    return this.#all.map(({ widget }) => widget);
  }

  update(state: SessionState): void {
    const running = state.phase === 'running' ? state : null;
    this.#network.show(running?.network.away === true ? waitingForNetwork(running.network) : null);
    this.#caching.show(running?.caching.on === false ? fetchedAgain(running.caching) : null);
    this.#slow.show(running?.accelerator === 'tcg' ? SLOW : null);
  }

  /** Height that they take from the window, in pixels. */
  get height(): number {
    return this.#all.reduce((sum, { height }) => sum + height, 0);
  }

  get #all(): readonly Banner[] {
    return [this.#network, this.#caching, this.#slow];
  }
}
