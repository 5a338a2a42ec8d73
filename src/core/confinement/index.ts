export { confinedEmulator, type ConfinedEmulator } from './emulator.js';
export { allowsLabel } from './selinux.js';
