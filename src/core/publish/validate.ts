import type { Environment } from '../places/index.js';
import type { MachineLocation } from './machine-location.js';
import { readMemoryToPack } from './memory-to-pack.js';
import { readPublishersMachine, type Say } from './publishers-machine.js';

export interface Validation {
  readonly environment: Environment;
  readonly signal: AbortSignal;
  /** Whether memory that was saved with the machine is looked at, too. */
  readonly savedMemory: boolean;
  readonly say: Say;
}

/**
 * Reads a publisher's machine as when it is packed, with the header of its saved memory, if there is
 * any. Nothing is written, and the disk is not looked at.
 *
 * @returns the path of the memory that would be packed; null for none
 * @throws VmnetxError `domain-…`, `host-…`, `memory-not-packed`
 */
export async function validateMachine(
  location: MachineLocation,
  { savedMemory, ...validation }: Validation,
): Promise<string | null> {
  const { say, signal } = validation;
  const how = { ...validation, running: 'leave', announce: () => undefined } as const;
  const { domain, memoryPath } = await readPublishersMachine(location, how);
  if (!savedMemory || memoryPath === null) return null;
  return (await readMemoryToPack(memoryPath, domain, say, signal)).path;
}
