import type { Credentials } from '../reference/index.js';
import type { PrivateHost } from '../settings/index.js';

/** Credentials, and the only origin (`https://host:port`) that they are sent to. */
export interface SiteCredentials extends Credentials {
  readonly origin: string;
}

/** A cookie as it is kept: for the host that set it alone, whatever it asked for (RFC 6265). */
export interface CookieRecord {
  /** The host without its port, in lower case. */
  readonly host: string;
  readonly path: string;
  readonly name: string;
  readonly value: string;
  /** Sent by https only. */
  readonly secure: boolean;
  /** Milliseconds since 1970, or null for a cookie of this session. */
  readonly expires: number | null;
}

/** Where requests may lead. What a public server sends elsewhere never leads into a private network. */
export interface Reach {
  /** Whether servers on this computer and in private networks may be asked. */
  readonly privateNetworks: boolean;
  /** Those that may be asked all the same. */
  readonly privateHosts: readonly PrivateHost[];
}

/** Of an address that the user named. */
export const FULL_REACH: Reach = { privateNetworks: true, privateHosts: [] };

/**
 * What a session with web servers may do and has gathered: plain data that another process goes on with. It
 * holds secrets, so it goes through a channel, never through arguments, files or logs.
 */
export interface Access {
  readonly credentials: readonly SiteCredentials[];
  readonly cookies: readonly CookieRecord[];
  readonly reach: Reach;
}

/** Of a session that begins. */
export function newAccess(reach: Reach): Access {
  return { credentials: [], cookies: [], reach };
}

/** A server's wish for a name and a password, as it is put to a person. */
export interface LoginRequest {
  /** Host and port of the server that asks. */
  readonly host: string;
  /** What the server calls the place; text from a stranger, cleaned and at most 100 characters. */
  readonly realm: string;
  readonly scheme: 'basic' | 'digest';
  /** Whether nobody on the way can read what is sent. */
  readonly secure: boolean;
  /** Whether the last name and password were wrong. */
  readonly refused: boolean;
  /** The name that was tried last, or null. */
  readonly username: string | null;
}

/** Asks a person; null for one who does not want to answer. */
export type LoginHandler = (
  request: LoginRequest,
  signal: AbortSignal,
) => Promise<Credentials | null>;
