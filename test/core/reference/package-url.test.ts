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
      'http://user:geheim@a/user:geheim@b c',
      'http://us//er:geheim@a b/',
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

  it('refuses an address that becomes too long only when it is canonical', () => {
    assert.ok(parsePackageUrl(`http://a/${'é'.repeat(1300)}`).href.length < 8192);
    assert.throws(() => parsePackageUrl(`http://a/${'é'.repeat(1400)}`), {
      code: 'reference-url-refused',
      message: /longer than 8192 characters/,
    });
  });

  it('refuses megabytes of whatever within a moment', () => {
    const start = performance.now();
    for (const part of ['/', '//@', 'http://', '?', '@', ' ', 'x:', '\u202e']) {
      for (const before of ['http://a/', 'x:', '']) {
        const text = before + part.repeat(1_000_000 / part.length);
        assert.throws(() => parsePackageUrl(text), { code: 'reference-url-refused' });
      }
    }
    const took = performance.now() - start;
    assert.ok(took < 5000, `${took} ms`);
  });

  it('says that machines on servers cannot be shown yet', () => {
    assert.throws(() => parsePackageUrl('vmnetx://example.org/token'), {
      code: 'reference-remote-machine',
      status: 69,
    });
  });
});
