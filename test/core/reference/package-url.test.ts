import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { VmnetxError } from '../../../src/core/errors/index.js';
import { parsePackageUrl } from '../../../src/core/reference/index.js';

describe('parsePackageUrl', () => {
  it('makes an address canonical', () => {
    const url = parsePackageUrl('HTTP://Example.ORG:80/a/../b%2f?C=d#e');
    assert.equal(url.href, 'http://example.org/b%2f?C=d');
    assert.equal(url.label, 'http://example.org/b%2f');
    assert.equal(url.host, 'example.org');
    assert.equal(url.credentials, null);
  });

  it('shows internationalised hosts as they are looked up', () => {
    assert.equal(parsePackageUrl('https://аpple.com/').label, 'https://xn--pple-43d.com/');
  });

  it('takes credentials out and shows neither them nor the query', () => {
    const url = parsePackageUrl('https://us%C3%A9r:p%40ss@example.org:8443/a.nxpk?sign=geheim#x');
    assert.deepEqual(url.credentials, { username: 'usér', password: 'p@ss' });
    assert.equal(url.href, 'https://example.org:8443/a.nxpk?sign=geheim');
    const shown = [url.label, url.host, String(url), JSON.stringify(url), inspect(url)].join();
    assert.doesNotMatch(shown, /us|p%40|p@|geheim/);
  });

  it('refuses everything else, without showing secrets', () => {
    const refused = [
      '',
      'example.org/a.nxpk',
      '//example.org/a',
      'http:example.org',
      'http:/example.org',
      'http:///example.org',
      'http://',
      'http://a b/',
      'http://a/b c',
      'http://a/\nb',
      'http:\\\\a\\b',
      'http://a:99999/',
      'http://[::1',
      'http://user:geheim@/?geheim',
      'ftp://user:geheim@example.org/?geheim',
      'javascript:geheim()',
      'data:text/plain,geheim',
      'vmnetx+http://a/?geheim',
      'vmnetx+file:///geheim@?geheim',
      'file:/a#geheim',
      `http://a/${'b'.repeat(9000)}`,
    ];
    for (const text of refused) {
      assert.throws(
        () => parsePackageUrl(text),
        (error) => {
          assert.ok(error instanceof VmnetxError, text);
          assert.equal(error.code, 'reference-url-refused', text);
          assert.doesNotMatch(error.message, /:geheim|[?]|,geheim/, text);
          return true;
        },
      );
    }
  });

  it('refuses what is long and full of slashes at once', () => {
    const start = process.cpuUsage();
    for (const text of [`http://a${'/'.repeat(100_000)}`, `smb:${'//'.repeat(50_000)}`]) {
      assert.throws(() => parsePackageUrl(text), { code: 'reference-url-refused' });
    }
    const { user, system } = process.cpuUsage(start);
    assert.ok(user + system < 1e6, `${user + system} µs`);
  });

  it('says that machines on servers cannot be shown yet', () => {
    assert.throws(() => parsePackageUrl('vmnetx://example.org/token'), {
      code: 'reference-remote-machine',
      status: 69,
    });
  });
});
