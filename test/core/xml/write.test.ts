import assert from 'node:assert/strict';
import { element, parseXml, writeXml, XmlError } from '../../../src/core/xml/index.js';

const LIMITS = { maxBytes: 100_000, maxDepth: 10, maxElements: 100 };

describe('writeXml', () => {
  it('indents, keeps the order and leaves out what is undefined', () => {
    const root = element('a', { z: 1, b: undefined, a: 'x' }, [
      element('b'),
      undefined,
      element('c', {}, [element('d', {}, 'text')]),
    ]);
    assert.equal(writeXml(root), '<a z="1" a="x">\n  <b/>\n  <c>\n    <d>text</d>\n  </c>\n</a>\n');
  });

  it('writes values so that they are read back unchanged', () => {
    const value = ' <&>"\'\t\r\n]]> &amp; ü😀 ';
    const read = parseXml(writeXml(element('a', { b: value }, value)), LIMITS);
    assert.equal(read.text, value);
    assert.equal(read.attributes.get('b'), value);
  });

  it('refuses what XML cannot hold', () => {
    for (const bad of ['\u0000', '\u001b', '\ud800', '\uffff']) {
      assert.throws(() => writeXml(element('a', {}, bad)), XmlError);
      assert.throws(() => writeXml(element('a', { b: bad })), XmlError);
    }
    assert.throws(() => writeXml(element('a b')), XmlError);
    assert.throws(() => writeXml(element('a', { 'b="c" d': 1 })), XmlError);
  });
});
