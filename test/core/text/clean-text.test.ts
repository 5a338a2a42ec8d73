import assert from 'node:assert/strict';
import { cleanText, hasUnprintable } from '../../../src/core/text/index.js';

describe('cleanText', () => {
  it('leaves text of any language as it is', () => {
    for (const text of [
      '',
      'Windows 3.11',
      'Größe & <b>',
      'نظام',
      '日本語',
      'a\u00a0b',
      '👩🏽',
      '❤️',
    ]) {
      assert.equal(cleanText(text, 20), text);
      assert.equal(hasUnprintable(text), false);
    }
  });

  it('shows that there is something where one sees nothing', () => {
    const hidden: readonly (readonly [string, string])[] = [
      ['controls of C0', '\0\t\n\r\u001b\u007f'],
      ['controls of C1', '\u0080\u0085\u009f'],
      ['what turns the direction', '\u061c\u200e\u200f\u202a\u202e\u2066\u2069'],
      ['what has no width', '\u200b\u200c\u200d\u2060\ufeff'],
      ['what is seen at a line’s end only', '\u00ad'],
      ['fillers of Hangul', '\u115f\u1160\u3164\uffa0'],
      ['other ends of lines', '\u2028\u2029'],
      ['annotations', '\ufff9\ufffa\ufffb'],
      ['halves of characters', '\ud800\udc00\udc00'.slice(2) + '\ud800'],
    ];
    for (const [what, text] of hidden) {
      assert.equal(cleanText(text, 20), '\ufffd'.repeat(text.length), what);
      assert.equal(hasUnprintable(`a${text}b`), true, what);
    }
    // Tags, which can carry a whole hidden text.
    assert.equal(cleanText('a\u{e0061}\u{e007f}b', 20), 'a\ufffd\ufffdb');
    assert.equal(cleanText('gpj.\u202eexe', 20), 'gpj.\ufffdexe');
  });

  it('cuts what is longer than it may be, and says so by an ellipsis', () => {
    assert.equal(cleanText('12345', 5), '12345');
    assert.equal(cleanText('123456', 5), '1234…');
    assert.equal(cleanText('x'.repeat(1_000_000), 3), 'xx…');
  });

  it('counts and cuts whole characters', () => {
    assert.equal(cleanText('😀😀😀', 3), '😀😀😀');
    assert.equal(cleanText('😀😀😀😀', 3), '😀😀…');
    assert.equal(cleanText('a😀😀😀😀😀😀', 3), 'a😀…');
  });
});
