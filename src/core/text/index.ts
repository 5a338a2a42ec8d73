export { cleanText, hasUnprintable } from './clean-text.js';
export { escapeText } from './escape-text.js';
export { formatSize } from './format-size.js';
