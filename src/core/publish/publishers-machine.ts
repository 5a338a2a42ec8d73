import type { PublishableDomain } from '../machine/index.js';
import { readMachineFile } from './machine-file.js';
import { readMachineInLibvirt, type HowToTake } from './machine-in-libvirt.js';
import type { MachineLocation } from './machine-location.js';

/** A publisher's machine, as it is on their computer. */
export interface PublishersMachine {
  readonly domain: PublishableDomain;
  /** Path of the memory that was saved with it; null where it was shut down. */
  readonly memoryPath: string | null;
}

/** Is told each change to a publisher's machine, in a sentence, also when the rest is refused. */
export type Say = (change: string) => void;

/** @throws VmnetxError `domain-…`, `host-…`, `memory-not-packed` */
export async function readPublishersMachine(
  location: MachineLocation,
  how: HowToTake,
): Promise<PublishersMachine> {
  return location.kind === 'file'
    ? readMachineFile(location.path, how.say)
    : readMachineInLibvirt(location, how);
}
