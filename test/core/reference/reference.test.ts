import assert from 'node:assert/strict';
import {
  formatReference,
  MAX_REFERENCE_BYTES,
  parsePackageUrl,
  parseReference,
} from '../../../src/core/reference/index.js';

const NAMESPACE = 'http://olivearchive.org/xmlns/vmnetx/reference';

function reference(content: string, attributes = ''): Buffer {
  return Buffer.from(`<reference xmlns="${NAMESPACE}"${attributes}>${content}</reference>`);
}

describe('parseReference', () => {
  it('reads the address', () => {
    const old = `<?xml version='1.0' encoding='UTF-8'?>\n<reference xmlns="${NAMESPACE}">\n  <url>\n    https://example.org/a.nxpk?b=1&amp;c=2\n  </url>\n</reference>\n`;
    assert.equal(parseReference(Buffer.from(old), 'x').href, 'https://example.org/a.nxpk?b=1&c=2');
    const prefixed = `<r:reference xmlns:r="${NAMESPACE}"><r:url>http://a/</r:url></r:reference>`;
    assert.equal(parseReference(Buffer.from(prefixed), 'x').href, 'http://a/');
  });

  it('reads what formatReference writes', () => {
    const url = parsePackageUrl('https://example.org/ü/a b.nxpk?x=1&y="<2>"'.replace(' ', '%20'));
    const text = formatReference(url);
    assert.ok(text.slice(0, 256).includes(NAMESPACE), 'found by its magic');
    assert.equal(parseReference(Buffer.from(text), 'x').href, url.href);
  });

  const url = '<url>http://a/</url>';
  const refusals: readonly [string, string, Buffer][] = [
    ['an empty file', 'reference-not-xml', Buffer.alloc(0)],
    ['text', 'reference-not-xml', Buffer.from('http://example.org/')],
    ['noise', 'reference-not-xml', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0xff, 0xfe])],
    ['broken XML', 'reference-malformed', Buffer.from('<reference')],
    ['a web page', 'reference-malformed', Buffer.from('<!DOCTYPE html><html></html>')],
    ['another root', 'reference-malformed', Buffer.from(`<ref xmlns="${NAMESPACE}">${url}</ref>`)],
    ['no namespace', 'reference-malformed', Buffer.from(`<reference>${url}</reference>`)],
    ['another namespace', 'reference-malformed', Buffer.from(`<reference xmlns="urn:a">${url}</reference>`)], // prettier-ignore
    ['no address', 'reference-malformed', reference('')],
    ['two addresses', 'reference-malformed', reference(url + url)],
    ['an address of another namespace', 'reference-malformed', reference('<url xmlns="urn:a">http://a/</url>')], // prettier-ignore
    ['another element', 'reference-malformed', reference(`${url}<name>a</name>`)],
    ['an element in the address', 'reference-malformed', reference('<url>http://a/<b/></url>')],
    ['an attribute', 'reference-malformed', reference(url, ' version="1"')],
    ['an attribute of the address', 'reference-malformed', reference('<url a="b">http://a/</url>')],
    ['text beside the address', 'reference-malformed', reference(`${url} hello`)],
    ['an entity', 'reference-malformed', reference('<url>&a;</url>')],
    ['CDATA', 'reference-malformed', reference('<url><![CDATA[http://a/]]></url>')],
    ['too much', 'reference-malformed', reference(url + ' '.repeat(MAX_REFERENCE_BYTES))],
    ['a file', 'reference-url-refused', reference('<url>file:///etc/passwd</url>')],
    ['data', 'reference-url-refused', reference('<url>data:text/plain,a</url>')],
    ['a link of our own scheme', 'reference-url-refused', reference('<url>vmnetx+http://a/</url>')],
    ['a relative address', 'reference-url-refused', reference('<url>a.nxpk</url>')],
    ['a machine on a server', 'reference-remote-machine', reference('<url>vmnetx://a/b</url>')],
  ];
  for (const [what, code, bytes] of refusals) {
    it(`refuses ${what}`, () => {
      assert.throws(() => parseReference(bytes, '/tmp/a.netx'), { name: 'VmnetxError', code });
    });
  }

  it('says what is wrong and where', () => {
    assert.throws(() => parseReference(reference(`${url}<name/>`), '/tmp/a.netx'), {
      message: 'The machine reference /tmp/a.netx is not correct: /reference/name is not allowed.',
    });
  });
});
