export { cleanText, hasUnprintable } from './clean-text.js';
