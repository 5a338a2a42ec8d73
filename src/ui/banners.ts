import type { SessionState } from '../core/session/index.js';
import { Banner, DismissibleBanner } from './banner.js';
import { Gtk, type Button, type Widget } from './gtk.js';
import { MemoryBanner } from './memory-banner.js';
import { fetchedAgain, waitingForNetwork } from './state-words.js';
import { translate } from './translate.js';

const NO_NETWORK = translate('This machine came from a link, so it has no network.');
const SHUTTING_DOWN = translate('The machine was asked to shut down. Some do not listen.');
const SLOW = translate('Hardware virtualisation (KVM) is not in use, so the machine runs slowly.');

export interface BannerActions {
  readonly quit: () => void;
  readonly askForNetwork: () => void;
  readonly powerOff: () => void;
}

/** What a person should know about a machine that runs, for as long as it is so. */
export class Banners {
  readonly #network: Banner;
  readonly #memory = new MemoryBanner();
  readonly #caching = new DismissibleBanner();
  readonly #guestNetwork: DismissibleBanner;
  readonly #shuttingDown: Banner;
  readonly #slow = new DismissibleBanner();

  constructor({ quit, askForNetwork, powerOff }: BannerActions) {
    this.#network = new Banner(textButton(translate('Quit'), quit));
    this.#guestNetwork = new DismissibleBanner(textButton(translate('Allow…'), askForNetwork));
    this.#shuttingDown = new Banner(textButton(translate('Power Off'), powerOff));
  }

  /** From the top. */
  get widgets(): readonly Widget[] {
    return this.#all.map(({ widget }) => widget);
  }

  update(state: SessionState): void {
    const running = state.phase === 'running' ? state : null;
    this.#network.show(running?.network.away === true ? waitingForNetwork(running.network) : null);
    this.#memory.showError(running?.memoryRefused ?? null);
    this.#caching.show(running?.caching.on === false ? fetchedAgain(running.caching) : null);
    this.#guestNetwork.show(running?.guestNetwork === 'unasked' ? NO_NETWORK : null);
    this.#shuttingDown.show(running?.shuttingDown === true ? SHUTTING_DOWN : null);
    this.#slow.show(running?.accelerator === 'tcg' ? SLOW : null);
  }

  /** Height that they take from the window, in pixels. */
  get height(): number {
    return this.#all.reduce((sum, { height }) => sum + height, 0);
  }

  get #all(): readonly Banner[] {
    return [
      this.#network,
      this.#memory,
      this.#caching,
      this.#guestNetwork,
      this.#shuttingDown,
      this.#slow,
    ];
  }
}

function textButton(label: string, onClick: () => void): Button {
  return new Gtk.Button({ label, focusOnClick: false }).on('clicked', onClick);
}
