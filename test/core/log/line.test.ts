import assert from 'node:assert/strict';
import fc from 'fast-check';
import { lineOf, type LogValues } from '../../../src/core/log/line.js';

const DATE = new Date(2026, 2, 1, 4, 5, 6, 7);

function line(text: string, values: LogValues = {}): string {
  return lineOf({ part: 'vmnetfs', level: 'info', text, values }, DATE).toString();
}

describe('a line of the log', () => {
  it('says when, who, how grave and what', () => {
    const shown = line('It is so', {
      code: 'network-refused',
      tries: 3,
      url: null,
      name: 'Win “3”',
    });
    assert.match(
      shown,
      /^2026-03-01T04:05:06\.007[+-]\d\d:\d\d vmnetfs info It is so code=network-refused tries=3 url=null name="Win “3”"\n$/u,
    );
    const [time = ''] = shown.split(' ');
    assert.equal(new Date(time).getTime(), DATE.getTime());
  });

  it('is one line of visible characters, at most 4 KiB long, whatever it is made of', () => {
    const unit = fc.oneof(fc.nat(0x10ffff), fc.nat(0xff)).map((code) => String.fromCodePoint(code));
    const any = fc.string({ unit, maxLength: 100 });
    const long = fc.tuple(any, fc.nat(100)).map(([text, times]) => text.repeat(times));
    fc.assert(
      fc.property(fc.oneof(any, long), any, (text, value) => {
        const bytes = lineOf({ part: 'qemu', level: 'error', text, values: { value } }, DATE);
        assert.ok(bytes.length <= 4096);
        const shown = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
        assert.match(shown, /^[^\p{Cc}\p{Bidi_Control}\u2028\u2029]*\n$/u);
      }),
      { numRuns: 300 },
    );
  });

  it('shows what cannot be seen by its number', () => {
    assert.ok(line('a\nb\r\x1b[2J\u202eo').endsWith(' a\\nb\\u{d}\\u{1b}[2J\\u{202e}o\n'));
  });

  it('does not let a value end before its end', () => {
    assert.ok(line('', { name: 'a" code="b' }).endsWith(' name="a\\" code=\\"b"\n'));
  });

  it('cleans texts and values', () => {
    const shown = line('from http://u:geheim@h/', { url: 'http://h/?geheim', more: 'a /b?geheim' });
    assert.ok(shown.endsWith(' from http://…@h/ url=http://h/?… more="a /b?…"\n'));
  });

  it('shows nothing of an address at which a text is cut', () => {
    const address = `http://${'geheim'.repeat(20_000)}@h/`;
    for (const length of [0, 3000, 4000, 8100]) {
      assert.doesNotMatch(line(`${'a '.repeat(length / 2)}${address}`), /geheim/);
    }
  });
});
