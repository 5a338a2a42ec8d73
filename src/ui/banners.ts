import type { SessionState } from '../core/session/index.js';
import { Banner, DismissibleBanner } from './banner.js';
import { emulationWords } from './emulation-words.js';
import type { Widget } from './gtk.js';
import { MemoryBanner } from './memory-banner.js';
import { NetworkBanner } from './network-banner.js';
import { fetchedAgain, packageChanged } from './state-words.js';
import { textButton } from './text-button.js';
import { translate } from './translate.js';

const NO_NETWORK = translate('This machine came from a link, so it has no network.');
const SHUTTING_DOWN = translate('The machine was asked to shut down. Some do not listen.');

export interface BannerActions {
  readonly quit: () => void;
  readonly restart: () => void;
  readonly askForNetwork: () => void;
  readonly powerOff: () => void;
  /** They take less of the window now, because a person wanted that. */
  readonly shrink: () => void;
}

/** What a person should know about a machine that runs, for as long as it is so. */
export class Banners {
  readonly #network: NetworkBanner;
  readonly #packageChanged: Banner;
  readonly #memory: MemoryBanner;
  readonly #caching: DismissibleBanner;
  readonly #guestNetwork: DismissibleBanner;
  readonly #shuttingDown: Banner;
  readonly #slow: DismissibleBanner;

  constructor({ quit, restart, askForNetwork, powerOff, shrink }: BannerActions) {
    this.#network = new NetworkBanner(textButton(translate('Quit'), quit));
    this.#packageChanged = new Banner(textButton(translate('Restart…'), restart));
    this.#memory = new MemoryBanner(shrink);
    this.#caching = new DismissibleBanner(shrink);
    const allow = textButton(translate('Allow…'), askForNetwork);
    this.#guestNetwork = new DismissibleBanner(shrink, allow);
    this.#shuttingDown = new Banner(textButton(translate('Power Off'), powerOff));
    this.#slow = new DismissibleBanner(shrink);
  }

  /** From the top. */
  get widgets(): readonly Widget[] {
    return this.#all.map(({ widget }) => widget);
  }

  update(state: SessionState): void {
    const running = state.phase === 'running' ? state : null;
    this.#network.showNetwork(running?.network ?? null);
    const changed = running?.packageChanged ?? null;
    this.#packageChanged.show(changed === null ? null : packageChanged(changed));
    this.#memory.showError(running?.memoryRefused ?? null);
    this.#caching.show(running?.caching.on === false ? fetchedAgain(running.caching) : null);
    this.#guestNetwork.show(running?.guestNetwork === 'unasked' ? NO_NETWORK : null);
    this.#shuttingDown.show(running?.shuttingDown === true ? SHUTTING_DOWN : null);
    this.#slow.show(emulationWords(running?.emulated ?? null));
  }

  /** Height that they take from the window, in pixels. */
  get height(): number {
    return this.#all.reduce((sum, { height }) => sum + height, 0);
  }

  get #all(): readonly Banner[] {
    return [
      this.#network,
      this.#packageChanged,
      this.#memory,
      this.#caching,
      this.#guestNetwork,
      this.#shuttingDown,
      this.#slow,
    ];
  }
}
