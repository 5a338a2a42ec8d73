import { findForbiddenCharacter } from './characters.js';
import { isName } from './syntax.js';
import { XmlError } from './xml-error.js';

/** What a file begins with; libvirt's API does without. */
export const XML_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** An element to be written. Names are ours; every value may come from anywhere. */
export interface NewElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  /** Child elements, or text. */
  readonly content: readonly NewElement[] | string;
}

/**
 * Makes an element to be written. Attributes and children that are `undefined` are left out.
 *
 * @example element('disk', { type: 'file' }, [element('source', { file: path })])
 */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | number | undefined>> = {},
  content: readonly (NewElement | undefined)[] | string = [],
): NewElement {
  const given = new Map<string, string>();
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined) given.set(key, String(value));
  }
  return {
    name,
    attributes: given,
    content: typeof content === 'string' ? content : content.filter((child) => child !== undefined),
  };
}

/**
 * Writes an element, indented by two spaces, attributes in the order given, a line break at the
 * end. The same element gives the same text.
 *
 * @throws XmlError `character` for a value that XML cannot hold, `not-well-formed` for a name
 */
export function writeXml(root: NewElement): string {
  return writeElement(root, '');
}

function writeElement({ name, attributes, content }: NewElement, indent: string): string {
  let tag = `${indent}<${checkName(name)}`;
  for (const [key, value] of attributes) tag += ` ${checkName(key)}="${escapeAttribute(value)}"`;
  if (content.length === 0) return `${tag}/>\n`;
  if (typeof content === 'string') return `${tag}>${escapeText(content)}</${name}>\n`;
  const children = content.map((child) => writeElement(child, `${indent}  `)).join('');
  return `${tag}>\n${children}${indent}</${name}>\n`;
}

function checkName(name: string): string {
  if (!isName(name)) throw new XmlError('not-well-formed', `“${name}” is no name`);
  return name;
}

function escapeText(text: string): string {
  if (findForbiddenCharacter(text) !== -1) {
    throw new XmlError('character', 'a character that XML does not allow');
  }
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\r', '&#13;');
}

function escapeAttribute(text: string): string {
  return escapeText(text)
    .replaceAll('"', '&quot;')
    .replaceAll('\t', '&#9;')
    .replaceAll('\n', '&#10;');
}
