import { createHash, randomBytes } from 'node:crypto';
import type { Credentials } from '../reference/index.js';
import { quoted, type Challenge } from './challenge.js';

/** Names of RFC 7616, section 3.2, the strongest first, and OpenSSL's names for them. */
const HASHES: readonly (readonly [string, string])[] = [
  ['SHA-512-256', 'sha512-256'],
  ['SHA-256', 'sha256'],
  ['MD5', 'md5'],
];

interface Algorithm {
  readonly hash: string;
  /** Whether the credentials are hashed together with the nonces of the session. */
  readonly session: boolean;
  /** The higher, the weaker. */
  readonly rank: number;
}

function algorithmOf({ parameters }: Challenge): Algorithm | null {
  const name = (parameters.get('algorithm') ?? 'MD5').toUpperCase();
  const rank = HASHES.findIndex(([known]) => name === known || name === `${known}-SESS`);
  const hash = HASHES[rank]?.[1];
  return hash === undefined ? null : { hash, rank, session: name.endsWith('-SESS') };
}

/** How weak a challenge is, the lower the better; null for what is not understood. */
export function digestRank(challenge: Challenge): number | null {
  const { scheme, parameters } = challenge;
  const qop = parameters.get('qop');
  const understood =
    scheme === 'digest' &&
    (parameters.get('nonce') ?? '') !== '' &&
    (qop === undefined || offersAuth(qop));
  return understood ? (algorithmOf(challenge)?.rank ?? null) : null;
}

function offersAuth(qop: string): boolean {
  return qop.split(',').some((option) => option.trim().toLowerCase() === 'auth');
}

/**
 * Answers one Digest challenge (RFC 7616), for as many requests as its nonce lasts: each is counted.
 */
export class DigestAnswers {
  readonly #challenge: Challenge;
  readonly #credentials: Credentials;
  readonly #algorithm: Algorithm;
  readonly #cnonce: string;
  #count = 0;

  /** @param challenge one that has a {@link digestRank} */
  constructor(
    challenge: Challenge,
    credentials: Credentials,
    cnonce = randomBytes(16).toString('hex'),
  ) {
    const algorithm = algorithmOf(challenge);
    if (algorithm === null) throw new Error('this Digest challenge is not understood');
    this.#challenge = challenge;
    this.#credentials = credentials;
    this.#algorithm = algorithm;
    this.#cnonce = cnonce;
  }

  /** The value of Authorization for a GET of `target` (path and query). */
  authorization(target: string): string {
    const { parameters } = this.#challenge;
    const { username } = this.#credentials;
    const realm = parameters.get('realm') ?? '';
    const nonce = parameters.get('nonce') ?? '';
    const count = (++this.#count).toString(16).padStart(8, '0');
    const request = this.#hash(`GET:${target}`);
    const secret = this.#secret(realm, nonce);
    const withQop = parameters.has('qop');
    const between = withQop ? `${nonce}:${count}:${this.#cnonce}:auth` : nonce;
    const hashesName = parameters.get('userhash')?.toLowerCase() === 'true';
    const algorithm = parameters.get('algorithm');
    const opaque = parameters.get('opaque');
    return `Digest ${[
      hashesName
        ? `username="${this.#hash(Buffer.concat([utf8(username), latin1(`:${realm}`)]))}"`
        : usernameParameter(username),
      `realm=${quoted(realm)}`,
      `nonce=${quoted(nonce)}`,
      `uri=${quoted(target)}`,
      `response="${this.#hash(`${secret}:${between}:${request}`)}"`,
      ...(algorithm === undefined ? [] : [`algorithm=${algorithm}`]),
      ...(withQop || this.#algorithm.session ? [`cnonce="${this.#cnonce}"`] : []),
      ...(withQop ? ['qop=auth', `nc=${count}`] : []),
      ...(opaque === undefined ? [] : [`opaque=${quoted(opaque)}`]),
      ...(hashesName ? ['userhash=true'] : []),
    ].join(', ')}`;
  }

  #secret(realm: string, nonce: string): string {
    const { username, password } = this.#credentials;
    const parts = [utf8(username), latin1(`:${realm}:`), utf8(password)];
    const secret = this.#hash(Buffer.concat(parts));
    return this.#algorithm.session ? this.#hash(`${secret}:${nonce}:${this.#cnonce}`) : secret;
  }

  #hash(data: string | Buffer): string {
    const bytes = typeof data === 'string' ? latin1(data) : data;
    return createHash(this.#algorithm.hash).update(bytes).digest('hex');
  }
}

/** What the server sent goes into the hash as it came. */
function latin1(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}

/** What the user typed goes into the hash in UTF-8, composed (RFC 7616, section 4). */
function utf8(text: string): Buffer {
  return Buffer.from(text.normalize('NFC'));
}

function usernameParameter(username: string): string {
  return /^[\x20-\x7e]*$/.test(username)
    ? `username=${quoted(username)}`
    : `username*=UTF-8''${encodeURIComponent(username.normalize('NFC')).replace(/['()*]/g, escapeAscii)}`;
}

/** RFC 8187 allows fewer characters than encodeURIComponent leaves. */
function escapeAscii(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}
