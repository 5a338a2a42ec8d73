import { XmlError } from './xml-error.js';

/** What is outside the production Char of XML 1.0 (section 2.2), lone surrogates included. */
const FORBIDDEN = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u;

const PREDEFINED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
};

/** A reference (section 4.1); the longest that can be valid is `&#x0010FFFF;` or thereabouts. */
const REFERENCE = /&(?:#([0-9]{1,10})|#x([0-9a-fA-F]{1,8})|([A-Za-z][\w.-]{0,30}));|&/g;

/** Index of the first character that XML does not allow at all, or -1. */
export function findForbiddenCharacter(text: string): number {
  return text.search(FORBIDDEN);
}

/**
 * Replaces character references and the five predefined entities; nothing else is known, so
 * nothing can grow.
 *
 * @throws XmlError `entity`, `character`
 */
export function decodeReferences(raw: string): string {
  if (!raw.includes('&')) return raw;
  return raw.replace(
    REFERENCE,
    (whole, decimal?: string, hexadecimal?: string, name?: string): string => {
      if (name !== undefined) {
        const character = Object.hasOwn(PREDEFINED, name) ? PREDEFINED[name] : undefined;
        if (character !== undefined) return character;
        throw new XmlError('entity', `the entity “${whole}” is not known`);
      }
      const digits = decimal ?? hexadecimal;
      if (digits === undefined) throw new XmlError('entity', '“&” does not begin a reference');
      const code = Number.parseInt(digits, decimal === undefined ? 16 : 10);
      const character = code <= 0x10ffff ? String.fromCodePoint(code) : '';
      if (character === '' || findForbiddenCharacter(character) !== -1) {
        throw new XmlError('character', `“${whole}” is no character`);
      }
      return character;
    },
  );
}
