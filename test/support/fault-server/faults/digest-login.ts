import { createHash } from 'node:crypto';
import { shortAnswer, type Fault, type SeenRequest } from '../answer.js';
import { quoted, type Account } from './login.js';

export interface DigestOptions {
  readonly realm?: string;
  readonly algorithm?: 'MD5' | 'SHA-256';
  /** A nonce is stale after so many answers; never, if it is left out. */
  readonly nonceUses?: number;
}

/** Digest authentication with quality of protection "auth" (RFC 7616). No answer is taken twice. */
export function digestLogin(account: Account, options: DigestOptions = {}): Fault {
  const { realm = 'Machines', algorithm = 'SHA-256', nonceUses = Infinity } = options;
  const hash = (text: string) =>
    createHash(algorithm === 'MD5' ? 'md5' : 'sha256')
      .update(text)
      .digest('hex');
  /** The counts with which each nonce was used. */
  const nonces = new Map<string, Set<string>>();
  let issued = 0;

  const challenge = (stale: boolean) => {
    const nonce = `nonce-${++issued}`;
    nonces.set(nonce, new Set());
    const fields = [`realm=${quoted(realm)}`, 'qop="auth"', `algorithm=${algorithm}`, `nonce="${nonce}"`, 'opaque="kept"']; // prettier-ignore
    if (stale) fields.push('stale=true');
    return shortAnswer(401, { 'www-authenticate': `Digest ${fields.join(', ')}` });
  };

  const isRight = (given: ReadonlyMap<string, string>, { method, target }: SeenRequest) => {
    const field = (name: string) => given.get(name) ?? '';
    const secret = hash(`${account.user}:${realm}:${account.password}`);
    const proof = [secret, field('nonce'), field('nc'), field('cnonce'), 'auth', hash(`${method}:${target}`)]; // prettier-ignore
    return (
      Buffer.from(field('username'), 'latin1').toString('utf8') === account.user &&
      Buffer.from(field('realm'), 'latin1').toString('utf8') === realm &&
      field('uri') === target &&
      field('qop') === 'auth' &&
      field('opaque') === 'kept' &&
      /^[0-9a-f]{8}$/.test(field('nc')) &&
      field('response') === hash(proof.join(':'))
    );
  };

  return (answer, { request }) => {
    const given = digestFields(request.headers.authorization ?? '');
    if (given === null || !isRight(given, request)) return challenge(false);
    const used = nonces.get(given.get('nonce') ?? '');
    if (used === undefined || used.size >= nonceUses) return challenge(true);
    const count = given.get('nc') ?? '';
    if (used.has(count)) return challenge(true);
    used.add(count);
    return answer;
  };
}

/** The fields of an Authorization header; null if it is of another scheme. */
function digestFields(header: string): ReadonlyMap<string, string> | null {
  const [, text] = /^Digest +(.*)$/i.exec(header) ?? [];
  if (text === undefined) return null;
  const fields = new Map<string, string>();
  for (const [, name = '', inQuotes, bare] of text.matchAll(
    /([a-z]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/gi,
  )) {
    fields.set(name.toLowerCase(), inQuotes?.replaceAll(/\\(.)/g, '$1') ?? bare ?? '');
  }
  return fields;
}
