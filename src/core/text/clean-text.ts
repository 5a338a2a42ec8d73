/**
 * Controls, the bidirectional controls of Unicode (UAX #9), zero-width characters and line or
 * paragraph separators: they can hide or reorder what a person reads.
 */
const UNPRINTABLE =
  /[\p{Cc}\p{Bidi_Control}\u200b-\u200d\u2028\u2029\u2060-\u2064\ufeff\ufff9-\ufffb]/gu;

/**
 * Makes text from a stranger fit to be shown: what cannot be seen becomes U+FFFD, and what is
 * longer than `maxLength` characters is cut and ends with an ellipsis.
 */
export function cleanText(text: string, maxLength: number): string {
  const visible = text.toWellFormed().replace(UNPRINTABLE, '\ufffd');
  const characters = Array.from(visible.slice(0, 2 * (maxLength + 1)));
  return characters.length <= maxLength
    ? visible
    : `${characters.slice(0, maxLength - 1).join('')}…`;
}
