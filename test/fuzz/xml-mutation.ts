import * as fc from 'fast-check';

/** Places are shares of how many there are, in 1/2^32, so that they fit every input. */
const WHOLE = 2 ** 32;
const MAX_MUTATIONS = 4;

/** An attribute's value, with what stands before it. */
const VALUE = /(="|>)([^"<>]+)(?="|<\/)/g;
/** An element without content. */
const LEAF = /<[\w:]+(?: [\w:]+="[^"]*")*\/>/g;

interface Change {
  readonly at: number;
  readonly how: 'value' | 'remove' | 'repeat' | 'replace';
  readonly value: string;
  readonly leaf: string;
}

/**
 * XML that is still well-formed, mostly, but has other values, and elements too many, too few, or of
 * other documents: it gets past the parser, to those who judge what stands there.
 *
 * @param values words and numbers that mean something in the format, besides those of the documents
 */
export function mutatedXml(
  valid: readonly string[],
  values: readonly string[],
): fc.Arbitrary<Buffer> {
  const known = valid.flatMap((xml) => [...xml.matchAll(VALUE)].map((match) => match[2] ?? ''));
  const leaves = valid.flatMap((xml) => [...xml.matchAll(LEAF)].map(([leaf]) => leaf));
  const change: fc.Arbitrary<Change> = fc.record({
    at: fc.integer({ min: 0, max: WHOLE - 1 }),
    how: fc.constantFrom('value', 'value', 'value', 'remove', 'repeat', 'replace'),
    value: fc.constantFrom(...new Set([...known, ...values])),
    leaf: fc.constantFrom(...new Set(leaves)),
  });
  return fc
    .tuple(fc.constantFrom(...valid), fc.array(change, { maxLength: MAX_MUTATIONS }))
    .map(([xml, changes]) => Buffer.from(changes.reduce(applyChange, xml)));
}

function applyChange(xml: string, { at, how, value, leaf }: Change): string {
  const places = [...xml.matchAll(how === 'value' ? VALUE : LEAF)];
  const place = places[Math.floor((at / WHOLE) * places.length)];
  if (place === undefined) return xml;
  const [whole, before = ''] = place;
  const changed = {
    value: `${before}${value}`,
    remove: '',
    repeat: `${whole}${whole}`,
    replace: leaf,
  }[how];
  return xml.slice(0, place.index) + changed + xml.slice(place.index + whole.length);
}
