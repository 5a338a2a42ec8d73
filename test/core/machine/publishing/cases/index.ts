import type { Change } from './case.js';
import { DEVICES } from './devices.js';
import { DISKS } from './disks.js';
import { PORTS } from './ports.js';
import { SYSTEM } from './system.js';

export { REFUSALS } from './refusals.js';

export const CHANGES: readonly Change[] = [...SYSTEM, ...DISKS, ...PORTS, ...DEVICES];
