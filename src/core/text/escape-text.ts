import { UNPRINTABLE } from './clean-text.js';

/**
 * Text from a stranger as one line that shows what {@link cleanText} would replace: line feeds as
 * `\n`, other characters that cannot be seen as `\u{202e}`.
 */
export function escapeText(text: string): string {
  return text.toWellFormed().replace(UNPRINTABLE, (character) => {
    if (character === '\n') return '\\n';
    return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
  });
}
