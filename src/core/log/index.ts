export { errorValues } from './error-values.js';
export type { LogValues, Part } from './line.js';
export { Log, type LogPlace } from './log.js';
export { attachLog, beginLog, type BegunLog } from './log-folder.js';
export { followLog } from './follow-log.js';
export { LEVELS, isWritten, type Level } from './level.js';
export { levelOf } from './line-level.js';
export { readNewestLog } from './read-log.js';
export { SparingLog } from './sparing-log.js';
