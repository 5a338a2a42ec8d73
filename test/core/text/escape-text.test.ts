import assert from 'node:assert/strict';
import { escapeText } from '../../../src/core/text/index.js';

describe('escapeText', () => {
  it('shows by their numbers the characters that cannot be seen, and leaves all others', () => {
    assert.equal(escapeText('a\nb\tc\x1b[1m'), 'a\\nb\\u{9}c\\u{1b}[1m');
    assert.equal(
      escapeText('\u202eevil\u2066\u2028\u200b'),
      '\\u{202e}evil\\u{2066}\\u{2028}\\u{200b}',
    );
    assert.equal(escapeText('Größe “3” \u2764\ufe0f 日本'), 'Größe “3” \u2764\ufe0f 日本');
    assert.equal(escapeText('a\ud800b'), 'a\ufffdb');
  });
});
