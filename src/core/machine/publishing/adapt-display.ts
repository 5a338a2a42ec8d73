import type { XmlElement } from '../../xml/index.js';
import { GRAPHICS_TYPES } from '../vocabulary.js';
import { editChildren, inPlaceOf, without, type Say } from './edit.js';

/** Where a display listens, and for whom, is the choice of who runs the machine. */
export function adaptGraphics(graphics: XmlElement, say: Say): XmlElement | null {
  const type = graphics.attributes.get('type') ?? '';
  if (!GRAPHICS_TYPES.some((known) => known === type)) {
    say(`The display “${type}” is left out: ${graphics.path}.`);
    return null;
  }
  const plain = new Map([
    ['type', type],
    ['autoport', 'yes'],
    ['port', '-1'],
  ]);
  const isPlain =
    graphics.children.length === 0 &&
    [...graphics.attributes].every(([name, value]) => plain.get(name) === value);
  if (!isPlain) say(`The display “${type}” loses its settings: ${graphics.path}.`);
  return inPlaceOf(graphics, 'graphics', { type, autoport: 'yes' });
}

/** Drawing with this computer's own graphics card is left out. */
export function adaptVideo(video: XmlElement, say: Say): XmlElement {
  const names = {
    attributes: ['blob', 'edid', 'vram64'],
    children: ['acceleration', 'resolution'],
  };
  const plain = without(video, { children: ['driver'] }, say);
  return editChildren(plain, 'model', (model) => without(model, names, say), say);
}
