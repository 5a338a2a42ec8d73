import assert from 'node:assert/strict';
import { parseXml, XmlError, type XmlErrorReason } from '../../../src/core/xml/index.js';

const LIMITS = { maxBytes: 100_000, maxDepth: 10, maxElements: 100 };

function reasonOf(document: string | Uint8Array, limits = LIMITS): XmlErrorReason | 'accepted' {
  try {
    parseXml(document, limits);
  } catch (error) {
    assert.ok(error instanceof XmlError, String(error));
    return error.reason;
  }
  return 'accepted';
}

describe('parseXml', () => {
  it('reads elements, attributes, text and paths', () => {
    const root = parseXml(
      '\ufeff<?xml version="1.0" encoding="utf-8"?>\n<!-- a -->\n<a x="1" y=\'2\'>\n  <b/>text<c>1</c><b >2</b\n></a>\n',
      LIMITS,
    );
    assert.equal(root.name, 'a');
    assert.equal(root.path, '/a');
    assert.equal(root.namespace, null);
    assert.deepEqual([...root.attributes], [['x', '1'], ['y', '2']]); // prettier-ignore
    assert.equal(root.text, '\n  text');
    assert.deepEqual(
      root.children.map(({ name, path, text }) => [name, path, text]),
      [
        ['b', '/a/b[1]', ''],
        ['c', '/a/c', '1'],
        ['b', '/a/b[2]', '2'],
      ],
    );
  });

  it('reads bytes as UTF-8, with and without a byte order mark', () => {
    assert.equal(parseXml(Buffer.from('<a>ü€😀</a>'), LIMITS).text, 'ü€😀');
    assert.equal(parseXml(Buffer.from('\ufeff<a>ü</a>'), LIMITS).text, 'ü');
  });

  it('replaces references once, in text and in attributes', () => {
    const root = parseXml('<a x="&amp;lt;&#10;&quot;">&lt;&#x1F600;&apos;&#38;amp;</a>', LIMITS);
    assert.equal(root.attributes.get('x'), '&lt;\n"');
    assert.equal(root.text, "<😀'&amp;");
  });

  it('turns line breaks in attributes into spaces and carriage returns in text into line feeds', () => {
    const root = parseXml('<a x="1\r\n2\t3">1\r\n2\r3</a>', LIMITS);
    assert.equal(root.attributes.get('x'), '1 2 3');
    assert.equal(root.text, '1\n2\n3');
  });

  it('leaves out comments and joins the text around them', () => {
    assert.equal(parseXml('<a>ab<!-- <b/> -->cd</a>', LIMITS).text, 'abcd');
  });

  it('resolves namespaces', () => {
    const root = parseXml(
      '<a xmlns="urn:1" xmlns:p="urn:2" p:x="y" z="w"><p:b/><c xmlns=""><d/></c><e xmlns:p="urn:3" p:f=""/></a>',
      LIMITS,
    );
    assert.equal(root.namespace, 'urn:1');
    assert.deepEqual([...root.attributes], [['{urn:2}x', 'y'], ['z', 'w']]); // prettier-ignore
    const [b, c, e] = root.children;
    assert.deepEqual([b?.namespace, b?.localName, b?.path], ['urn:2', 'b', '/a/p:b']);
    assert.deepEqual([c?.namespace, c?.children[0]?.namespace], [null, null]);
    assert.deepEqual([e?.namespace, [...(e?.attributes.keys() ?? [])]], ['urn:1', ['{urn:3}f']]);
  });

  it('keeps names that JavaScript objects inherit as ordinary names', () => {
    const root = parseXml(
      '<toString hasOwnProperty="1" __proto__="2"><valueOf/></toString>',
      LIMITS,
    );
    assert.equal(root.name, 'toString');
    assert.deepEqual([...root.attributes], [['hasOwnProperty', '1'], ['__proto__', '2']]); // prettier-ignore
    assert.equal(root.children[0]?.name, 'valueOf');
    assert.equal(reasonOf('<a><__proto__/></a>'), 'not-well-formed');
  });

  it('says the line or the path of what it refuses', () => {
    assert.throws(() => parseXml('<a>\n<b>\n&x;</b></a>', LIMITS), {
      message: 'line 2: the entity “&x;” is not known',
    });
    assert.throws(() => parseXml('<a>\n<b>\n<c', LIMITS), { reason: 'not-well-formed', line: 3 });
    assert.throws(() => parseXml('<a><b/><b p:x=""/></a>', LIMITS), {
      message: '/a/b[2]: the prefix “p” is not declared',
    });
  });

  const refusals: readonly [string, XmlErrorReason, string][] = [
    ['an empty document', 'not-well-formed', ''],
    ['a document of spaces', 'not-well-formed', ' \n'],
    ['plain text', 'not-well-formed', 'hello'],
    ['a document type', 'doctype', '<!DOCTYPE a><a/>'],
    ['entities', 'doctype', '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'],
    ['an external entity', 'doctype', '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>'],
    ['an unknown entity', 'entity', '<a>&nbsp;</a>'],
    ['an inherited name as entity', 'entity', '<a>&constructor;</a>'],
    ['an unknown entity in an attribute', 'entity', '<a b="&c;"/>'],
    ['a bare ampersand', 'entity', '<a>b & c</a>'],
    ['a reference to NUL', 'character', '<a>&#0;</a>'],
    ['a reference to a surrogate', 'character', '<a>&#xD800;</a>'],
    ['a reference beyond Unicode', 'character', '<a>&#x110000;</a>'],
    ['a control character', 'character', '<a>\u0001</a>'],
    ['a lone surrogate', 'character', '<a>\ud800</a>'],
    ['U+FFFF', 'character', '<a>\uffff</a>'],
    ['CDATA', 'cdata', '<a><![CDATA[b]]></a>'],
    ['a processing instruction', 'processing-instruction', '<a><?b c?></a>'],
    ['a style sheet before the root', 'processing-instruction', '<?xml-stylesheet a="b"?><a/>'],
    ['a late declaration', 'processing-instruction', '\n<?xml version="1.0"?><a/>'],
    ['XML 1.1', 'not-well-formed', '<?xml version="1.1"?><a/>'],
    ['another encoding', 'encoding', '<?xml version="1.0" encoding="ISO-8859-1"?><a/>'],
    ['an unclosed element', 'not-well-formed', '<a><b></a>'],
    ['an end without a start', 'not-well-formed', '<a/></a>'],
    ['two roots', 'not-well-formed', '<a/><b/>'],
    ['text after the root', 'not-well-formed', '<a/>b'],
    ['text before the root', 'not-well-formed', 'b<a/>'],
    ['an unfinished tag', 'not-well-formed', '<a'],
    ['an unfinished attribute', 'not-well-formed', '<a b="c'],
    ['a bad name', 'not-well-formed', '<1a/>'],
    ['a name with two colons', 'not-well-formed', '<a:b:c xmlns:a="urn:a"/>'],
    ['an attribute without value', 'not-well-formed', '<a b/>'],
    ['an attribute without quotes', 'not-well-formed', '<a b=c/>'],
    ['attributes without space between', 'not-well-formed', '<a b="c"d="e"/>'],
    ['“<” in an attribute', 'not-well-formed', '<a b="<"/>'],
    ['“]]>” in text', 'not-well-formed', '<a>]]></a>'],
    ['“--” in a comment', 'not-well-formed', '<a><!-- -- --></a>'],
    ['an unfinished comment', 'not-well-formed', '<a/><!-- '],
    ['a very long name', 'not-well-formed', `<${'a'.repeat(201)}/>`],
    ['an attribute twice', 'duplicate-attribute', '<a b="1" b="2"/>'],
    ['an attribute twice by namespace', 'duplicate-attribute', '<a xmlns:p="u" xmlns:q="u" p:b="1" q:b="2"/>'], // prettier-ignore
    ['an undeclared prefix', 'namespace', '<p:a/>'],
    ['an undeclared prefix again', 'namespace', '<a><p:b xmlns:p="u"/><p:c/></a>'],
    ['a prefix taken back', 'namespace', '<a xmlns:p=""/>'],
    ['the prefix xml bound to another URI', 'namespace', '<a xmlns:xml="urn:a"/>'],
    ['the prefix xmlns', 'namespace', '<a xmlns:xmlns="urn:a"/>'],
    ['names in which another reader sees a space', 'not-well-formed', '<a\u1680b="c"/>'],
    ['names that another reader takes apart', 'not-well-formed', '<a\ufeffb/>'],
  ];
  for (const [what, reason, document] of refusals) {
    it(`refuses ${what}`, () => {
      assert.equal(reasonOf(document), reason);
    });
  }

  it('refuses bytes that are not UTF-8', () => {
    assert.equal(reasonOf(Buffer.from('<a>\xff</a>', 'latin1')), 'encoding');
    assert.equal(reasonOf(Buffer.from('\ufeff<a/>', 'utf16le')), 'encoding');
  });

  it('holds the limits exactly', () => {
    const limits = { maxBytes: 20, maxDepth: 2, maxElements: 3 };
    assert.equal(reasonOf('<a><b/><b/></a>     ', limits), 'accepted');
    assert.equal(reasonOf('<a><b/><b/></a>      ', limits), 'too-large');
    assert.equal(reasonOf('<a>üüüüüüüü</a>', limits), 'too-large');
    assert.equal(reasonOf('<a><b><c/></b></a>', limits), 'too-deep');
    const attributes = (count: number) =>
      `<a${Array.from({ length: count }, (_, n) => ` b${n}=""`).join('')}/>`;
    assert.equal(parseXml(attributes(100), LIMITS).attributes.size, 100);
    assert.equal(reasonOf(attributes(101), LIMITS), 'too-many-attributes');
    assert.equal(reasonOf('<a><b/><b/><b/></a>', limits), 'too-many-elements');
  });

  it('refuses hostile documents quickly', () => {
    const limits = { maxBytes: 2 ** 20, maxDepth: 64, maxElements: 10_000 };
    const hostile = [
      '<a>'.repeat(100_000),
      `<a${' '.repeat(1_000_000)}`,
      `<a ${'b="c" '.repeat(150_000)}`,
      `<a ${'b '.repeat(500_000)}`,
      `<${'a'.repeat(1_000_000)}`,
      `<a>${'&'.repeat(1_000_000)}`,
      `<a>${'&#'.repeat(500_000)}`,
      `<!--${'-a'.repeat(500_000)}`,
      `<a b="${'<'.repeat(1_000_000)}`,
      '<a/>'.repeat(200_000),
    ];
    for (const document of hostile) {
      const start = performance.now();
      assert.notEqual(reasonOf(document, limits), 'accepted');
      assert.ok(performance.now() - start < 1000, document.slice(0, 20));
    }
  });
});
