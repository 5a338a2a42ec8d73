export { deadline } from './deadline.js';
export { Disposal } from './disposal.js';
export { untilAborted } from './until-aborted.js';
