export { confinedEmulator, type ConfinedEmulator } from './emulator.js';
export { confinedFilter, NOT_RUN, type ConfinedFilter } from './filter.js';
export { LAUNCHER } from './launcher.js';
export { allowsLabel } from './selinux.js';
