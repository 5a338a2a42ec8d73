/**
 * Controls, the bidirectional controls of Unicode (UAX #9), characters that are not seen, and line or
 * paragraph separators: they can hide or reorder what a person reads. What chooses between two forms
 * of the character before it (U+FE00 to U+FE0F, in emoji) stays.
 */
export const UNPRINTABLE =
  /(?![\ufe00-\ufe0f])[\p{Cc}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\u2028\u2029\ufff9-\ufffb]/gu;

/** Whether {@link cleanText} would replace something. */
export function hasUnprintable(text: string): boolean {
  return !text.isWellFormed() || text.search(UNPRINTABLE) !== -1;
}

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
