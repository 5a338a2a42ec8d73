import type { Host } from '../../../../src/core/doctor/index.js';

/** A host whose environment is empty, or what a test makes of it. */
export function testHost(changes: Partial<Host>): Host {
  return {
    environment: {},
    userId: process.getuid?.() ?? 0,
    root: '/',
    distribution: 'debian',
    capacity: { memoryBytes: 2 ** 32, processors: 4 },
    windowTrial: '/nonexistent',
    ...changes,
  };
}
