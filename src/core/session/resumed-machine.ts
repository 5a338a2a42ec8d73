import type { Machine } from '../machine/index.js';

/**
 * The machine that goes on from saved memory: as it was saved, but for what the guest does not see. That
 * the package says: of which format its image is, which was checked for that format, and how often the
 * pointer may move.
 */
export function resumedMachine(packaged: Machine, saved: Machine): Machine {
  const { mouseRateHz } = packaged;
  return { ...saved, disk: { ...saved.disk, format: packaged.disk.format }, mouseRateHz };
}
