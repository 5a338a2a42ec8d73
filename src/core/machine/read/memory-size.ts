import type { XmlElement } from '../../xml/index.js';
import type { Bounds } from '../limits.js';
import { openElement } from './strict-element.js';
import type { Value } from './value.js';

const KIB = 1024;

/** libvirt's binary units. Its decimal ones (KB, MB) are refused: nobody who writes them means them. */
const UNIT_BYTES = {
  b: 1,
  bytes: 1,
  k: KIB,
  KiB: KIB,
  M: KIB ** 2,
  MiB: KIB ** 2,
  G: KIB ** 3,
  GiB: KIB ** 3,
} as const;

const UNITS: readonly (keyof typeof UNIT_BYTES)[] = [
  'KiB',
  'k',
  'MiB',
  'M',
  'GiB',
  'G',
  'bytes',
  'b',
];

/** An element such as `<memory unit="KiB">524288</memory>`. */
export function readMemoryElement(element: XmlElement, bounds: Bounds): number {
  const memory = openElement(element, { attributes: ['unit'], text: true });
  return readMemorySize(memory.text, memory.attribute('unit'), bounds);
}

/**
 * @param unit KiB where it is null, as in libvirt
 * @returns bytes, a multiple of 1024 within the bounds
 */
export function readMemorySize(amount: Value, unit: Value | null, bounds: Bounds): number {
  const factor = UNIT_BYTES[unit?.oneOf(UNITS) ?? 'KiB'];
  const bytes =
    factor *
    amount.integer({ min: Math.ceil(bounds.min / factor), max: Math.floor(bounds.max / factor) });
  if (bytes % KIB !== 0) amount.refuse('a multiple of 1024 bytes is expected');
  return bytes;
}
