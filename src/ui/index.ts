export { openWindow, type WindowOptions } from './open-window.js';
