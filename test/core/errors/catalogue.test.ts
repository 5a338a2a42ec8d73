import assert from 'node:assert/strict';
import { catalogue } from '../../../src/core/errors/index.js';

/** The statuses that commands end with for a failure (sysexits.h). */
const STATUSES: readonly number[] = [64, 65, 66, 69, 70, 74, 77];
const CODE =
  /^(reference|package|domain|image|memory|server|network|host|store|settings|usage)(-[a-z]+)+$|^internal-error$/;

describe('the catalogue of errors', () => {
  for (const [code, { status, message, hint, retryable }] of Object.entries(catalogue)) {
    it(`has a stable code, a known status and whole sentences for ${code}`, () => {
      assert.match(code, CODE);
      assert.ok(STATUSES.includes(status), String(status));
      for (const sentence of hint === null ? [message] : [message, hint]) {
        assert.match(sentence, /^(“?\p{Lu}|“\{\w+\}|\{\w+\}|libvirt).*[^.]\.$/u);
        assert.doesNotMatch(sentence.replace(/\{[a-z]\w*\}/gi, ''), /[{}]|\n|"|'/);
      }
      // Nothing that the caller got wrong is put right by waiting.
      if (retryable) assert.ok(![64, 65, 66, 70, 77].includes(status), String(status));
    });
  }

  it('keeps wrong usage apart from everything else', () => {
    for (const [code, { status }] of Object.entries(catalogue)) {
      assert.equal(status === 64, code.startsWith('usage-'), code);
      assert.equal(status === 70, code === 'internal-error', code);
    }
  });
});
