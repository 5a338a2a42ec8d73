export { openScratchFile } from './scratch-file.js';
