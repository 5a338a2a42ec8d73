import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { sendRange, startServer, type ScriptedServer } from './scripted-server.js';

/** How a server asks who is there. */
export type Scheme = 'basic' | 'digest';

const REALM = 'Machines of 1990';
const NONCE = '5ff0c1b3a9d24f7e';

/** Serves a file by ranges to whoever knows the name and the password. */
export function serveProtected(
  file: Buffer,
  scheme: Scheme,
  username: string,
  password: string,
): Promise<ScriptedServer> {
  const isRight = scheme === 'basic' ? isBasic : isDigest;
  const challenge =
    scheme === 'basic'
      ? `Basic realm="${REALM}"`
      : `Digest realm="${REALM}", nonce="${NONCE}", qop="auth", algorithm=SHA-256`;
  return startServer((request, response) => {
    if (isRight(request, username, password)) sendRange(request, response, file);
    else response.writeHead(401, { 'www-authenticate': challenge }).end('Who is there?');
  });
}

/** RFC 7617. */
function isBasic({ headers }: IncomingMessage, username: string, password: string): boolean {
  const expected = Buffer.from(`${username}:${password}`).toString('base64');
  return headers.authorization === `Basic ${expected}`;
}

/** RFC 7616, section 3.4, with `qop=auth` and SHA-256. */
function isDigest(
  { headers, method = '', url = '' }: IncomingMessage,
  username: string,
  password: string,
): boolean {
  const given = headers.authorization ?? '';
  const value = (name: string): string =>
    new RegExp(`[ ,]${name}="?([^",]*)"?`).exec(given)?.[1] ?? '';
  const hash = (...parts: readonly string[]): string =>
    createHash('sha256').update(parts.join(':')).digest('hex');
  const response = hash(
    hash(username, REALM, password),
    NONCE,
    value('nc'),
    value('cnonce'),
    'auth',
    hash(method, url),
  );
  return (
    given.startsWith('Digest ') &&
    value('username') === username &&
    value('uri') === url &&
    value('nonce') === NONCE &&
    value('response') === response
  );
}
