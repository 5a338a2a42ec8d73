export { cleanText } from './clean-text.js';
export { formatSize } from './format-size.js';
