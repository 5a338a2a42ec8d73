import type { LoginRequest } from '../fetch/index.js';
import type { Credentials } from '../reference/index.js';
import type { Message } from './protocol.js';

type LoginAnswer = (credentials: Credentials | null) => void;

/** The vmnetfs process's end of the channel, as far as it is vmnetfs that speaks first. */
export class Owner {
  readonly #logins = new Map<number, LoginAnswer>();
  #nextLogin = 1;

  tell(message: Message): void {
    // The owner may be gone before the message arrives: the channel's end is told of by itself.
    if (process.connected) process.send?.(message, () => undefined);
  }

  /** Asks who logs in. Null when nobody does, when the signal ends, or when the owner is gone. */
  askLogin(request: LoginRequest, signal: AbortSignal): Promise<Credentials | null> {
    const login = this.#nextLogin++;
    return new Promise((resolve) => {
      const answer: LoginAnswer = (credentials) => {
        this.#logins.delete(login);
        signal.removeEventListener('abort', refuse);
        resolve(credentials);
      };
      const refuse = (): void => {
        answer(null);
      };
      this.#logins.set(login, answer);
      signal.addEventListener('abort', refuse);
      if (signal.aborted || !process.connected) refuse();
      else this.tell({ event: 'login', login, request });
    });
  }

  loginAnswered(login: number, credentials: Credentials | null): void {
    this.#logins.get(login)?.(credentials);
  }

  /** Nobody is there to log in any more. */
  gone(): void {
    for (const answer of [...this.#logins.values()]) answer(null);
  }
}
