import { Gtk, type Widget } from '../gtk.js';
import { CHUNK_KINDS, type ChunkKind } from './chunk-kind.js';

/** Red, green and blue, each from 0 to 1. */
export type Colour = readonly [red: number, green: number, blue: number];
export type Palette = Readonly<Record<ChunkKind, Colour>>;

/**
 * Reading is blue, writing is orange; any two kinds differ in lightness, so that nobody needs to see
 * the hue. What is missing is close to the background of the theme.
 */
export const LIGHT: Palette = paletteOf({
  missing: '#e4e4e4',
  before: '#a9c9f2',
  written: '#f0941f',
  ahead: '#5a8fd8',
  read: '#1a5fb4',
  both: '#5e1d12',
});
export const DARK: Palette = paletteOf({
  missing: '#454545',
  before: '#3d6496',
  ahead: '#4d87d1',
  written: '#ee8a2b',
  read: '#99c4f7',
  both: '#ffe3cf',
});

/** The colours that go with the theme of a widget. */
export function paletteFor(widget: Widget): Palette {
  const text = widget.getStyleContext().getColor(Gtk.StateFlags.NORMAL);
  return text.red + text.green + text.blue > 1.5 ? DARK : LIGHT;
}

/** In the order of {@link CHUNK_KINDS}. */
export function coloursOf(palette: Palette): readonly Colour[] {
  return CHUNK_KINDS.map((kind) => palette[kind]);
}

function paletteOf(colours: Readonly<Record<ChunkKind, string>>): Palette {
  const { missing, before, ahead, read, written, both } = colours;
  return {
    missing: colourOf(missing),
    before: colourOf(before),
    ahead: colourOf(ahead),
    read: colourOf(read),
    written: colourOf(written),
    both: colourOf(both),
  };
}

function colourOf(hexadecimal: string): Colour {
  const part = (at: number): number => Number.parseInt(hexadecimal.slice(at, at + 2), 16) / 255;
  return [part(1), part(3), part(5)];
}
