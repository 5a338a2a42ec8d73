/** A decoded picture: rows from the top, four bytes a pixel (red, green, blue, alpha). */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** Red, green and blue, each 0–255. */
export type Colour = readonly [red: number, green: number, blue: number];

/** A place whose colour is known, in the guest's own pixels. */
export interface SamplePoint {
  readonly name: string;
  readonly x: number;
  readonly y: number;
  readonly colour: Colour;
}

/** Where the guest's screen lies in a picture, in the picture's pixels, and how much it is scaled. */
export interface Placement {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

/** How far a channel may be off; a 16-bit display mode loses up to seven. */
const TOLERANCE = 8;

/** The colour of the picture at a place of the guest's screen, or undefined outside the picture. */
export function colourAt(
  picture: Picture,
  at: Placement,
  point: { readonly x: number; readonly y: number },
): Colour | undefined {
  const x = Math.floor(at.x + (point.x + 0.5) * at.scale);
  const y = Math.floor(at.y + (point.y + 0.5) * at.scale);
  if (x < 0 || y < 0 || x >= picture.width || y >= picture.height) return undefined;
  const [red, green, blue] = picture.data.subarray((y * picture.width + x) * 4);
  if (red === undefined || green === undefined || blue === undefined) return undefined;
  return [red, green, blue];
}

/** Counts the points that have their colour in the picture. */
export function comparePoints(
  picture: Picture,
  at: Placement,
  points: readonly SamplePoint[],
): { readonly matching: number; readonly total: number } {
  const matching = points.filter((point) => {
    const colour = colourAt(picture, at, point);
    return colour?.every((value, i) => Math.abs(value - (point.colour[i] ?? 0)) <= TOLERANCE);
  });
  return { matching: matching.length, total: points.length };
}
