import type { VmnetxError } from '../core/errors/index.js';
import type { LoginHandler } from '../core/fetch/index.js';
import type { CachingState } from '../core/session/index.js';
import type { NetworkState } from '../core/paging/index.js';
import type { VmnetfsListener } from '../core/vmnetfs/index.js';

/** Passes on to the terminal what a mount tells, a line each. */
export class MountTold implements VmnetfsListener {
  readonly onLogin: LoginHandler;
  /** Settled when the mount ended although nobody asked. */
  readonly lost: Promise<VmnetxError>;
  #lose: (error: VmnetxError) => void = () => undefined;
  #away = false;

  constructor(onLogin: LoginHandler) {
    this.onLogin = onLogin;
    this.lost = new Promise((resolve) => {
      this.#lose = resolve;
    });
  }

  readonly onLost = (error: VmnetxError): void => {
    this.#lose(error);
  };

  /** A read failed; others may go on. */
  readonly onFetchFailed = (error: VmnetxError): void => {
    say(tell(error));
  };

  readonly onNetwork = (state: NetworkState): void => {
    if (state.away && !this.#away) say(`Waiting for the network: ${tell(state.error)}`);
    if (!state.away && this.#away) say('The network is back.');
    this.#away = state.away;
  };

  readonly onCaching = (state: CachingState): void => {
    say(
      state.on
        ? 'What is fetched is kept again.'
        : `What is fetched is not kept: ${tell(state.error)}`,
    );
  };
}

function tell({ message, code }: VmnetxError): string {
  return `${message} (${code})`;
}

function say(line: string): void {
  process.stderr.write(`vmnetx: ${line}\n`);
}
