import { parseChallenges } from '../../../src/core/fetch/challenge.js';
import { CookieJar } from '../../../src/core/fetch/cookie-jar.js';
import { endpointOf } from '../../../src/core/fetch/endpoint.js';
import { parsePackageUrl } from '../../../src/core/reference/index.js';
import { bytesTarget } from '../bytes-target.js';

const WORDS = [
  '"', '\\', '=', ',', ';', ' ', '\t', ' ,, ', '; Path=/', '; Domain=example.org', '; Max-Age=-1', '; Secure',
  '; Expires=Thu, 01 Jan 1970 00:00:00 GMT', 'Basic realm="', 'Digest ', 'nonce=', '\u202e', '\u0000', '\u00ff',
]; // prettier-ignore

/** The value of WWW-Authenticate. */
export const challenges = bytesTarget({
  valid: [
    'Basic realm="Machines", charset="UTF-8"',
    'Digest realm="a \\"b\\"", nonce="abc==", qop="auth", algorithm=SHA-256, Negotiate YWJj, Basic realm=x',
  ],
  words: WORDS,
  parse: (input) => parseChallenges(input.toString('latin1')),
});

const endpoint = endpointOf(parsePackageUrl('https://example.org/folder/a.nxpk'), false);

/** The values of Set-Cookie, a line each. */
export const cookies = bytesTarget({
  valid: [
    'a=b; Path=/folder; Secure; HttpOnly; Max-Age=100\nc=d; Expires=Wed, 01 Jan 2098 00:00:00 GMT',
    'session="x y"; Domain=.example.org; SameSite=Lax',
  ],
  words: [...WORDS, '\n', '\n'.repeat(1000)],
  parse: (input) => {
    const jar = new CookieJar([]);
    jar.take(endpoint, input.toString('latin1').split('\n'));
    const header = jar.header(endpoint) ?? '';
    if (/[^\x20-\x7e]/.test(header)) throw new Error(`a header that is none: ${header}`);
  },
});
