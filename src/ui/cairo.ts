import { require as load } from 'node-gtk';

// What node-gtk writes by hand has no place in the introspection data that its types come from.
declare module '../../types/cairo-1.0.js' {
  interface Context {
    save(): void;
    restore(): void;
    scale(x: number, y: number): void;
    translate(x: number, y: number): void;
    setSourceRgb(red: number, green: number, blue: number): void;
    setSourceRgba(red: number, green: number, blue: number, alpha: number): void;
    setSourceSurface(surface: Surface, x: number, y: number): void;
    setLineWidth(width: number): void;
    moveTo(x: number, y: number): void;
    lineTo(x: number, y: number): void;
    rectangle(x: number, y: number, width: number, height: number): void;
    closePath(): void;
    fill(): void;
    stroke(): void;
    paint(): void;
  }
  interface Surface {
    /** Gives up the pixels at once; it cannot be drawn from any more. */
    finish(): void;
    writeToPng(path: string): void;
  }
  class ImageSurface extends Surface {
    constructor(format: Format, width: number, height: number);
  }
}

/** Drawing in two dimensions. */
export const cairo = load('cairo', '1.0');

export type Canvas = InstanceType<typeof cairo.Context>;
export type Picture = InstanceType<typeof cairo.ImageSurface>;
