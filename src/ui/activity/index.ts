export { ActivityWindow } from './activity-window.js';
