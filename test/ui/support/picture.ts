import { PNG } from 'pngjs';
import type { Rectangle } from '../../support/window-on-screen.js';

/** A picture as one bit per pixel: what is lit on a text screen, and what is black. */
export class LitPixels {
  constructor(
    readonly width: number,
    readonly height: number,
    readonly isLit: (x: number, y: number) => boolean,
  ) {}

  static of(png: PNG): LitPixels {
    const { width, height, data } = png;
    return new LitPixels(width, height, (x, y) => {
      const at = 4 * (y * width + x);
      return (data[at] ?? 0) + (data[at + 1] ?? 0) + (data[at + 2] ?? 0) > 150;
    });
  }

  crop({ x: left, y: top, width, height }: Rectangle): LitPixels {
    return new LitPixels(width, height, (x, y) => this.isLit(left + x, top + y));
  }

  /** The smallest rectangle that holds all that is lit. */
  bounds(): Rectangle {
    let [left, top, right, bottom] = [this.width, this.height, -1, -1];
    for (let y = 0; y < this.height; y++) {
      for (let x = 0; x < this.width; x++) {
        if (!this.isLit(x, y)) continue;
        [left, right] = [Math.min(left, x), Math.max(right, x)];
        [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
      }
    }
    return { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
  }

  /** How much of what is lit in either is lit in both, from 0 to 1. */
  likeness(other: LitPixels): number {
    let [both, either] = [0, 0];
    for (let y = 0; y < this.height; y++) {
      for (let x = 0; x < this.width; x++) {
        const [one, two] = [this.isLit(x, y), other.isLit(x, y)];
        if (one && two) both++;
        if (one || two) either++;
      }
    }
    return either === 0 ? 0 : both / either;
  }
}
