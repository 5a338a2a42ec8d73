export { Disposal } from './disposal.js';
export { deadline } from './deadline.js';
