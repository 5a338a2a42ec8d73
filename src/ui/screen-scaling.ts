import type { Size } from './window-fitting.js';

/**
 * How large the guest's screen is shown: as its place in the window allows, or at so many percent, where
 * 100 gives a pixel of the guest one of the monitor.
 */
export type Scaling = 'fit' | number;

export const ORIGINAL = 100;

/** What zooming goes through, in percent. */
export const ZOOM_STEPS: readonly number[] = [50, 75, ORIGINAL, 125, 150, 200, 300, 400];

/** X11 has no windows of more than 32767 pixels, and the screen is one. */
const LONGEST_SIDE = 32_000;

/** The next step up or down from so many percent; where there is none, that of the end. */
export function nextZoom(percent: number, direction: 'in' | 'out'): number {
  const steps = direction === 'in' ? ZOOM_STEPS : ZOOM_STEPS.toReversed();
  const next = steps.find((step) => (direction === 'in' ? step > percent : step < percent));
  return next ?? steps.at(-1) ?? ORIGINAL;
}

/**
 * The size of a guest's screen at so many percent.
 *
 * @param scaleFactor how many pixels of the monitor the desktop counts as one, in each direction
 * @returns in the desktop's pixels
 */
export function sizeAt(percent: number, guest: Size, scaleFactor: number): Size {
  const wanted = percent / 100 / scaleFactor;
  const scale = Math.min(wanted, LONGEST_SIDE / scaleFactor / Math.max(guest.width, guest.height));
  return {
    width: Math.max(1, Math.round(guest.width * scale)),
    height: Math.max(1, Math.round(guest.height * scale)),
  };
}

/** How large a guest's screen is shown in this place, in percent. */
export function percentWithin(place: Size, guest: Size, scaleFactor: number): number {
  const scale = Math.min(place.width / guest.width, place.height / guest.height);
  return 100 * scale * scaleFactor;
}
