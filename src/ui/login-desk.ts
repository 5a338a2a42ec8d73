import type { AskPerson, Keyring } from '../core/login/index.js';
import type { MachineWindow } from './machine-window.js';
import { translate } from './translate.js';

/** What a window has for somebody who logs in. */
export interface LoginDesk {
  readonly ask: AskPerson;
  /** Null where the library is missing that speaks to one. */
  readonly openKeyring: () => Promise<Keyring | null>;
  /** Says that a password was not kept. */
  readonly onNotKept: () => void;
}

export function loginDesk(window: MachineWindow): LoginDesk {
  return {
    ask: (question, signal) => window.askToLogIn(question, signal),
    openKeyring: async () => {
      try {
        return (await import('./libsecret.js')).secretService;
      } catch {
        return null;
      }
    },
    onNotKept: () => {
      window.toast.show(translate('The password could not be remembered.'), null);
    },
  };
}
