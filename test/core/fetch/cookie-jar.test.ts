import assert from 'node:assert/strict';
import { CookieJar } from '../../../src/core/fetch/cookie-jar.js';
import { endpointOf } from '../../../src/core/fetch/endpoint.js';
import { parsePackageUrl } from '../../../src/core/reference/index.js';

const at = (address: string) => endpointOf(parsePackageUrl(address), false);

describe('cookies', () => {
  const site = at('https://files.example.org/machines/a.nxpk?x');

  /** What is sent to an address after the site set these. */
  const sent = (cookies: readonly string[], to = site): string | null => {
    const jar = new CookieJar([]);
    jar.take(site, cookies);
    return jar.header(to);
  };

  it('go back to the host that set them, and to no other', () => {
    assert.equal(sent(['a=b', 'c = d ; HttpOnly; SameSite=Lax']), 'a=b; c=d');
    assert.equal(sent(['a=b'], at('https://files.example.org:8443/machines/')), 'a=b');
    for (const other of [
      'https://example.org/machines/',
      'https://www.files.example.org/machines/',
      'https://xfiles.example.org/machines/',
    ]) {
      assert.equal(sent(['a=b'], at(other)), null);
      assert.equal(sent(['a=b; Domain=example.org'], at(other)), null);
    }
    assert.equal(sent(['a=b; Domain=.example.org']), 'a=b', 'kept for the host alone');
  });

  it('of another domain are refused', () => {
    for (const domain of ['example.com', 'www.files.example.org', 'iles.example.org', 'org.']) {
      assert.equal(sent([`a=b; Domain=${domain}`]), null, domain);
    }
  });

  it('keep to their path, the longer one first', () => {
    const elsewhere = at('https://files.example.org/other/a');
    assert.equal(sent(['a=b'], elsewhere), null);
    assert.equal(sent(['a=b; Path=/'], elsewhere), 'a=b');
    assert.equal(sent(['a=b; Path=/oth'], elsewhere), null);
    assert.equal(sent(['a=b; Path=relative'], elsewhere), null);
    assert.equal(sent(['a=b; Path=/', 'c=d; Path=/machines', 'e=f; Path=/machines/']), 'e=f; c=d; a=b'); // prettier-ignore
  });

  it('that are secure are neither sent nor replaced by http', () => {
    const open = at('http://files.example.org/machines/b');
    const jar = new CookieJar([]);
    jar.take(site, ['a=secret; Secure', 'b=x']);
    assert.equal(jar.header(open), 'b=x');
    jar.take(open, ['a=other', 'a=; Max-Age=0', 'c=d; Secure']);
    assert.equal(jar.header(site), 'a=secret; b=x');
  });

  it('with a prefix keep what it promises', () => {
    assert.equal(sent(['__Secure-a=b']), null);
    assert.equal(sent(['__Secure-a=b; Secure']), '__Secure-a=b');
    assert.equal(sent(['__Host-a=b; Secure']), null);
    assert.equal(sent(['__Host-a=b; Secure; Path=/; Domain=files.example.org']), null);
    assert.equal(sent(['__Host-a=b; Secure; Path=/']), '__Host-a=b');
  });

  it('are replaced and removed by the same host', () => {
    assert.equal(sent(['a=1', 'a=2']), 'a=2');
    assert.equal(sent(['a=1', 'a=; Max-Age=0']), null);
    assert.equal(sent(['a=1', 'a=x; Max-Age=-5']), null);
    assert.equal(sent(['a=1', 'a=x; Expires=Thu, 01 Jan 1970 00:00:00 GMT']), null);
    assert.equal(sent(['a=1; Max-Age=100; Expires=Thu, 01 Jan 1970 00:00:00 GMT']), 'a=1');
    assert.equal(sent(['a=1; Expires=nonsense']), 'a=1');
  });

  it('end when they said', () => {
    const [record] = (() => {
      const jar = new CookieJar([]);
      jar.take(site, ['a=b; Max-Age=60']);
      return jar.records;
    })();
    assert.ok(record !== undefined);
    assert.ok(Math.abs((record.expires ?? 0) - Date.now() - 60_000) < 1000);
    assert.equal(new CookieJar([record]).header(site), 'a=b');
    assert.equal(new CookieJar([{ ...record, expires: Date.now() - 1 }]).header(site), null);
  });

  it('that cannot be sent back as they are, are not kept', () => {
    for (const cookie of [
      '',
      'a',
      '=b',
      'a\u00e4=b',
      'a=b\u00e4',
      'a=\u0001',
      'a b=c',
      `a=${'x'.repeat(5000)}`,
    ]) {
      // prettier-ignore
      assert.equal(sent([cookie]), null, cookie.slice(0, 20));
    }
  });

  it('are fifty at most: the oldest go first', () => {
    const many = Array.from({ length: 1000 }, (_, n) => `c${n}=1`);
    const kept = sent(many)?.split('; ') ?? [];
    assert.equal(kept.length, 50);
    assert.equal(kept[0], 'c950=1');
  });
});
