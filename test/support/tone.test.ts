import assert from 'node:assert/strict';
import { SAMPLE_RATE, shareAt } from './tone.js';

const HERTZ = 1000;

function wave(hertz: number, form: (phase: number) => number): Int16Array {
  return Int16Array.from({ length: SAMPLE_RATE / 5 }, (_, i) =>
    Math.round(8000 * form((2 * Math.PI * hertz * i) / SAMPLE_RATE)),
  );
}

function isNear(share: number, expected: number): void {
  assert.ok(Math.abs(share - expected) < 0.02, String(share));
}

describe('the share of a tone', () => {
  it('is one of the tone alone, and less of what has overtones', () => {
    isNear(shareAt(HERTZ, wave(HERTZ, Math.sin)), 1);
    const square = wave(HERTZ, (phase) => Math.sign(Math.sin(phase)));
    isNear(shareAt(HERTZ, square), 8 / Math.PI ** 2);
  });

  it('is none of silence, another tone and a click', () => {
    assert.equal(shareAt(HERTZ, new Int16Array(SAMPLE_RATE / 5)), 0);
    isNear(shareAt(HERTZ, wave(1100, Math.sin)), 0);
    isNear(shareAt(HERTZ, new Int16Array(SAMPLE_RATE / 5).fill(8000, 500, 501)), 0);
  });
});
