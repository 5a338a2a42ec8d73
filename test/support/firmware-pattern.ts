/**
 * What the firmware guest shows (guest/firmware/boot-sector.S): 320 × 200 pixels in the standard VGA
 * palette, which QEMU shows doubled. Numbers are pixels of the doubled picture.
 */
import type { Colour, SamplePoint } from './picture.js';

export const firmwareWidth = 640;
export const firmwareHeight = 400;

/** The colours 8 to 15 of the palette, as QEMU widens their six bits. */
const brightColours: readonly Colour[] = [
  [87, 87, 87],
  [87, 87, 255],
  [87, 255, 87],
  [87, 255, 255],
  [255, 87, 87],
  [255, 87, 255],
  [255, 255, 87],
  [255, 255, 255],
];

/** Five points of the lower block, in the colour that a key's scan code gives; idle without one. */
export function firmwareBlockPoints(scanCode?: number): readonly SamplePoint[] {
  const colour = brightColours[scanCode === undefined ? 0 : 1 + (scanCode % 7)];
  if (colour === undefined) throw new RangeError(`${scanCode ?? 'none'} is no scan code.`);
  return [40, 180, 320, 460, 600].map((x, i) => ({ name: `block ${i + 1}`, x, y: 340, colour }));
}

/** The whole screen before any key press: eight bars at two heights, a gap, the block. */
export const firmwarePoints: readonly SamplePoint[] = [
  ...[60, 200].flatMap((y) =>
    brightColours.toReversed().map((colour, i) => {
      return { name: `bar ${i + 1}`, x: 40 + 80 * i, y, colour };
    }),
  ),
  { name: 'gap', x: 320, y: 260, colour: [0, 0, 0] },
  ...firmwareBlockPoints(),
];
