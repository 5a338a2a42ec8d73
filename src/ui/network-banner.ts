import type { Running } from '../core/session/index.js';
import { Banner } from './banner.js';
import type { Button } from './gtk.js';
import { waitingForNetwork } from './state-words.js';
import { textButton } from './text-button.js';
import { translate } from './translate.js';

/** Says that the network is away. Whoever waits is told no more of it until it goes away again. */
export class NetworkBanner extends Banner {
  /** When the outage began that is waited for. */
  #waitedFor: number | null = null;
  #since: number | null = null;

  constructor(quit: Button) {
    const wait = textButton(translate('Wait'), () => {
      this.#waitedFor = this.#since;
      this.show(null);
    });
    super(wait, quit);
  }

  showNetwork(network: Running['network'] | null): void {
    const away = network?.away === true ? network : null;
    this.#since = away?.since ?? null;
    if (away === null) this.#waitedFor = null;
    this.show(away === null || away.since === this.#waitedFor ? null : waitingForNetwork(away));
  }
}
