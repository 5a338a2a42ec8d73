import assert from 'node:assert/strict';
import { coloursOf, DARK, LIGHT, type Colour } from '../../../src/ui/activity/palette.js';

/** Differences in lightness that are seen by anybody, on a scale from 0 to 100. */
const VISIBLE = 9;

/** L* of CIE 1976. */
function lightness(colour: Colour): number {
  const linear = colour.map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
  const [red = 0, green = 0, blue = 0] = linear;
  return 116 * Math.cbrt(0.2126 * red + 0.7152 * green + 0.0722 * blue) - 16;
}

describe('the colours of a map', () => {
  for (const [theme, palette] of Object.entries({ light: LIGHT, dark: DARK })) {
    it(`differ in lightness on a ${theme} theme, whoever sees which hues`, () => {
      const sorted = coloursOf(palette)
        .map(lightness)
        .sort((one, other) => one - other);
      const steps = sorted.slice(1).map((each, at) => each - (sorted[at] ?? 0));
      assert.ok(Math.min(...steps) >= VISIBLE, String(steps));
    });
  }
});
