import type { LoginRequest } from '../fetch/index.js';
import type { Credentials } from '../reference/index.js';

/**
 * What a password is for. The scheme is part of it: one that was kept for Digest, which does not show
 * it, is not sent by Basic because a server, or whoever is on the way to it, asks for that now.
 */
export interface Site {
  /** `https://host:port` */
  readonly origin: string;
  readonly realm: string;
  readonly scheme: LoginRequest['scheme'];
}

/** A password that is kept, and has yet to be read. */
export interface KeptPassword {
  readonly username: string;
  /** The keyring may ask the person to unlock it first. Null where it stays locked. */
  readonly read: () => Promise<string | null>;
}

/** Keeps a person's passwords. All of it is rejected where nobody keeps any, and may never end. */
export interface Keyring {
  /**
   * Asks nobody.
   *
   * @param username null: of whoever logged in last
   */
  readonly find: (site: Site, username: string | null) => Promise<KeptPassword | null>;
  /** In the place of what was kept for this name. The keyring may ask to be unlocked. */
  readonly keep: (site: Site, credentials: Credentials) => Promise<void>;
  readonly forget: (site: Site, username: string) => Promise<void>;
}
