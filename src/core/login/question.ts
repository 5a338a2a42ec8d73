import type { LoginRequest } from '../fetch/index.js';
import type { Credentials } from '../reference/index.js';

/** What a person is asked who is to log in. */
export interface LoginQuestion extends LoginRequest {
  /** Whether what was refused is a password that had been kept. */
  readonly keptRefused: boolean;
  /** Whether there is a keyring that could keep the password. */
  readonly keepable: boolean;
  /** Whether to propose to keep it. */
  readonly keep: boolean;
}

export interface LoginAnswer {
  readonly credentials: Credentials;
  /** Whether to keep the password. */
  readonly keep: boolean;
}

/** Asks a person; null for one who does not want to log in, and once the signal is aborted. */
export type AskPerson = (
  question: LoginQuestion,
  signal: AbortSignal,
) => Promise<LoginAnswer | null>;
