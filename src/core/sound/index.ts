export { GuestSound, type Audibility } from './guest-sound.js';
export { PLAYER } from './player.js';
