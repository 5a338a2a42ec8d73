/**
 * What the demo guest shows: geometry and colours of its test card, as guest/test-card/layout.h
 * has them. All numbers are pixels of the card, from its top left corner.
 */
import {
  colourAt,
  comparePoints,
  type Colour,
  type Picture,
  type Placement,
  type SamplePoint,
} from './picture.js';

export const cardWidth = 800;
export const cardHeight = 600;

/** The whole of it changes to {@link keyColour} at each key press. */
export const keyRegion = { x: 40, y: 400, width: 220, height: 150 } as const;
/** Clicks in here leave a square of {@link markerSize} around them, cut off at the pad's edge. */
export const clickPad = { x: 300, y: 400, width: 460, height: 150 } as const;
export const markerSize = 48;

/** Binary digits, the most significant one first, that are bright for a one. */
const countCells = { x: 40, y: 560, size: 20, number: 16 } as const;
/** Between the red of a one and that of a zero. */
const COUNT_THRESHOLD = 150;

export type Button = 'left' | 'middle' | 'right';
export const markerColours: Readonly<Record<Button, Colour>> = {
  left: rgb(0xff8c1a),
  middle: rgb(0x2ee6a8),
  right: rgb(0x8c5bff),
};

const frame = rgb(0x3d5166);
const background = rgb(0x1e2a36);
const panel = rgb(0x2f4254);
const lampReady = rgb(0x4caf50);
const bars = [0xf2f2f2, 0xe8c52a, 0x2ab7ca, 0x3fa34d, 0xb04fb5, 0xd64545, 0x3a6fd8, 0x141414].map(
  rgb,
);

function rgb(value: number): Colour {
  return [(value >> 16) & 0xff, (value >> 8) & 0xff, value & 0xff];
}

function point(name: string, x: number, y: number, colour: Colour): SamplePoint {
  return { name, x, y, colour };
}

/**
 * The card as it is when the guest is ready and nothing was pressed or clicked. The lamp is green
 * only then: before, one point is wrong. The middle of the pad is left out, the pointer starts there.
 */
export const samplePoints: readonly SamplePoint[] = [
  point('frame, top left', 2, 2, frame),
  point('frame, top right', 797, 2, frame),
  point('frame, bottom left', 2, 597, frame),
  point('frame, bottom right', 797, 597, frame),
  point('background, left', 20, 300, background),
  point('background, right', 780, 300, background),
  point('background, bottom', 400, 575, background),
  point('lamp', 740, 60, lampReady),
  ...bars.map((colour, i) => point(`bar ${i + 1}`, 40 + 90 * i + 45, 200, colour)),
  ...bars.map((_, i) => {
    const grey = i * 32 + 16;
    return point(`grey ${i + 1}`, 40 + 90 * i + 45, 315, [grey, grey, grey]);
  }),
  point('key panel', 150, 475, panel),
  point('pad, left', 320, 475, panel),
  point('pad, right', 740, 475, panel),
];

/** The colour that a key gives the key region; codes of linux/input-event-codes.h below 160. */
export function keyColour(code: number): Colour {
  return [64 + ((code * 37) % 160), 64 + ((code * 73) % 160), 64 + ((code * 151) % 160)];
}

/** Five points of the key region, as they are after a key press. */
export function keyPoints(code: number): readonly SamplePoint[] {
  const { x, y, width, height } = keyRegion;
  const colour = keyColour(code);
  return [
    point('key region, middle', x + width / 2, y + height / 2, colour),
    point('key region, top left', x + 5, y + 5, colour),
    point('key region, top right', x + width - 6, y + 5, colour),
    point('key region, bottom left', x + 5, y + height - 6, colour),
    point('key region, bottom right', x + width - 6, y + height - 6, colour),
  ];
}

/** Points of the marker that a click leaves, where the pointer does not cover it. */
export function markerPoints(x: number, y: number, button: Button): readonly SamplePoint[] {
  const colour = markerColours[button];
  const distance = markerSize / 2 - 4;
  return [
    point('marker, top left', x - distance, y - distance, colour),
    point('marker, left', x - distance, y, colour),
    point('marker, top', x, y - distance, colour),
  ];
}

/**
 * Counts the sample points that have their colour in a picture of the guest's screen.
 *
 * @param at where the card's top left corner lies in the picture, and its scale.
 */
export function comparePattern(
  picture: Picture,
  at: Placement,
): { readonly matching: number; readonly total: number } {
  return comparePoints(picture, at, samplePoints);
}

/** The number that a guest which counts shows in a picture of its screen. */
export function readCount(picture: Picture, at: Placement): number {
  const { x, y, size, number } = countCells;
  let count = 0;
  for (let cell = 0; cell < number; cell++) {
    const middle = { x: x + (cell + 0.5) * size - 1, y: y + size / 2 };
    const [red = 0] = colourAt(picture, at, middle) ?? [];
    count = count * 2 + (red > COUNT_THRESHOLD ? 1 : 0);
  }
  return count;
}

/**
 * Finds the card in a picture by its frame, whatever its scale; null where there is none. What the
 * card shows is not looked at.
 */
export function locateCard(picture: Picture): Placement | null {
  let [left, top, right, bottom] = [picture.width, picture.height, -1, -1];
  for (let y = 0; y < picture.height; y++) {
    for (let x = 0; x < picture.width; x++) {
      const at = 4 * (y * picture.width + x);
      if (!frame.every((value, channel) => picture.data[at + channel] === value)) continue;
      [left, right] = [Math.min(left, x), Math.max(right, x)];
      [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
    }
  }
  const [width, height] = [right - left + 1, bottom - top + 1];
  if (width < cardWidth / 4 || height < cardHeight / 4) return null;
  return { x: left, y: top, scale: width / cardWidth };
}
