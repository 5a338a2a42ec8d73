import type { SessionState } from '../core/session/index.js';
import { Banner, DismissibleBanner } from './banner.js';
import { Gtk, type Button, type Widget } from './gtk.js';
import { fetchedAgain, waitingForNetwork } from './state-words.js';

const NO_NETWORK = 'This machine came from a link, so it has no network.';
const SLOW = 'Hardware virtualisation (KVM) is not in use, so the machine runs slowly.';

/** What a person should know about a machine that runs, for as long as it is so. */
export class Banners {
  readonly #network: Banner;
  readonly #caching = new DismissibleBanner();
  readonly #guestNetwork: DismissibleBanner;
  readonly #slow = new DismissibleBanner();

  constructor(quit: () => void, askForNetwork: () => void) {
    this.#network = new Banner(textButton('Quit', quit));
    this.#guestNetwork = new DismissibleBanner(textButton('Allow…', askForNetwork));
  }

  /** From the top. */
  get widgets(): readonly Widget[] {
    return this.#all.map(({ widget }) => widget);
  }

  update(state: SessionState): void {
    const running = state.phase === 'running' ? state : null;
    this.#network.show(running?.network.away === true ? waitingForNetwork(running.network) : null);
    this.#caching.show(running?.caching.on === false ? fetchedAgain(running.caching) : null);
    this.#guestNetwork.show(running?.guestNetwork === 'unasked' ? NO_NETWORK : null);
    this.#slow.show(running?.accelerator === 'tcg' ? SLOW : null);
  }

  /** Height that they take from the window, in pixels. */
  get height(): number {
    return this.#all.reduce((sum, { height }) => sum + height, 0);
  }

  get #all(): readonly Banner[] {
    return [this.#network, this.#caching, this.#guestNetwork, this.#slow];
  }
}

function textButton(label: string, onClick: () => void): Button {
  return new Gtk.Button({ label, focusOnClick: false }).on('clicked', onClick);
}
