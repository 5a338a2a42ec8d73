import assert from 'node:assert/strict';
import fc from 'fast-check';
import { withoutSecrets } from '../../../src/core/log/without-secrets.js';

const SECRET = 'gEhEiM';
const RUNS = 1000;
/** What URLs and sloppy texts have around names and passwords, and what parsers pass over. */
const SIGNS = Array.from('ab1-._~%20!$&()*+,;=:@/?#[]|^`{}\\\'"<>é\u202e\u00a0\v');

/** What may stand in an address around a secret. */
const around = fc.string({ unit: fc.constantFrom(...SIGNS) });
const secret = fc.tuple(around, around).map(([before, after]) => `${before}${SECRET}${after}`);
const scheme = fc.constantFrom('http://', 'https://', 'HTTP://', 'vmnetx+https://', 'ftp://', 'http:\\\\', 'https:/', 'file:///'); // prettier-ignore
const host = fc.constantFrom(
  'example.org',
  'localhost:8080',
  '[::1]',
  '10.0.0.1',
  'xn--nxa.example',
);
const path = fc.constantFrom('', '/', '/a.nxpk', '/a/b@c/d', '/(a)/“b”', '/a,http://b/');

const address = fc.oneof(
  fc.tuple(scheme, secret, host, path).map(([s, user, h, p]) => `${s}${user}@${h}${p}`),
  fc.tuple(scheme, host, path, secret).map(([s, h, p, query]) => `${s}${h}${p}?a=${query}`),
  fc.tuple(scheme, host, path, secret).map(([s, h, p, part]) => `${s}${h}${p}#${part}`),
  fc.tuple(scheme, secret, host, secret).map(([s, user, h, q]) => `${s}u:${user}@${h}/?${q}`),
  secret.map((query) => `/a.nxpk?${query}`),
);

const text = fc
  .tuple(fc.string(), fc.constantFrom('', ' ', '“', '(', '=', '"'), address, fc.string())
  .map(([before, sign, url, after]) => `${before}${sign}${url} ${after}`);

describe('withoutSecrets', () => {
  it('leaves neither user part nor query nor fragment of an address, wherever that stands', () => {
    fc.assert(
      fc.property(text, (given) => {
        assert.ok(!withoutSecrets(given).includes(SECRET));
      }),
      { numRuns: RUNS },
    );
  });

  it('leaves nothing of a query that goes on like an address', () => {
    for (const word of ['/a.nxpk?:\\\\gEhEiM', 'a?http://b/gEhEiM', '#https://gEhEiM.example']) {
      assert.ok(!withoutSecrets(word).includes(SECRET), word);
    }
  });

  it('finds what any address has that a URL parser takes', () => {
    const urls = fc.webUrl({
      authoritySettings: { withUserInfo: true, withPort: true },
      withQueryParameters: true,
      withFragments: true,
    });
    fc.assert(
      fc.property(urls, (given) => {
        const { search, hash } = new URL(given);
        const cleaned = withoutSecrets(given);
        assert.doesNotMatch(cleaned, /[^…]@|[?#][^…]/);
        assert.ok(search.length < 2 || !cleaned.includes(search));
        assert.ok(hash.length < 2 || !cleaned.includes(hash));
      }),
      { numRuns: RUNS },
    );
  });

  it('takes out what headers say of a log-in, to the end of the line', () => {
    for (const header of [
      'Authorization: Basic c2NodWxlOmdFaEVpTQ==',
      'authorization=Digest username="gEhEiM", response="gEhEiM"',
      'Proxy-Authorization: Bearer gEhEiM',
      '"cookie": "session=gEhEiM; a=gEhEiM"',
      'Set-Cookie: session=gEhEiM; Path=/',
    ]) {
      const cleaned = withoutSecrets(`before ${header}\nafter`);
      assert.doesNotMatch(cleaned, /gEhEiM|c2NodWxl/, header);
      assert.match(cleaned, /^before [^\n]*: …\nafter$/, header);
    }
  });

  it('leaves what has no secrets as it is', () => {
    for (const plain of [
      'The package was found',
      'http://example.org:8080/a%20b/c.nxpk',
      '“https://example.org/a.nxpk” (server-busy)',
      '/home/ada/Machines #1/a.nxpk',
      'Who is there? A cookie, or/and who?',
      'qemu-system-x86_64 -name guest=vmnetx-1,debug-threads=on',
      'ada@example.org',
    ]) {
      assert.equal(withoutSecrets(plain), plain);
    }
  });

  it('shows of an address where it leads', () => {
    for (const [given, shown] of [
      ['http://ada:1@h/a?b#c', 'http://…@h/a?…'],
      ['http://h/a#b', 'http://h/a#…'],
      ['(http://h:1/a?b)', '(http://h:1/a?…'],
      ['http://h/a?mail=ada@h', 'http://…'],
      ['/a/b?c', '/a/b?…'],
    ] as const) {
      assert.equal(withoutSecrets(given), shown);
    }
  });

  it('takes time that grows with the length only', () => {
    const times = [1, 2].map((times) => {
      const hostile = ['http://', '://a@', 'cookie ', 'a:', '@', '/?'].map((piece) =>
        piece.repeat((times * 200_000) / piece.length),
      );
      const since = performance.now();
      for (const one of hostile) withoutSecrets(one);
      return performance.now() - since;
    });
    assert.ok((times[1] ?? Infinity) < 2000, String(times));
  });
});
