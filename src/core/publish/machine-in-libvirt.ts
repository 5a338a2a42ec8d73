import { fail } from '../errors/index.js';
import {
  isLibvirtError,
  libvirtCode,
  LibvirtError,
  openConnection,
  type Connection,
  type Domain,
} from '../libvirt/index.js';
import { readDomainForPublishing, type PublishableDomain } from '../machine/index.js';
import type { Environment } from '../places/index.js';
import { checkBeforeSaving } from './before-saving.js';
import type { MachineLocation } from './machine-location.js';
import type { PublishersMachine, Say } from './publishers-machine.js';
import { saveIn, savesFolder, type SavesFolder } from './saves-folder.js';

type LibvirtMachine = Extract<MachineLocation, { kind: 'libvirt' }>;

export interface HowToTake {
  /** What is done with a machine that runs. One that cannot be packed then is refused before. */
  readonly running: 'save' | 'refuse' | 'leave';
  readonly say: Say;
  /** Is told in a sentence what is about to be done with the publisher's machine. */
  readonly announce: (sentence: string) => void;
  readonly environment: Environment;
  readonly signal: AbortSignal;
}

/**
 * Reads a machine of libvirt, and finds the memory that libvirt keeps of it. A save that is given up
 * leaves the machine running.
 *
 * @throws VmnetxError `domain-…`, `host-…`, `memory-not-packed`
 */
export async function readMachineInLibvirt(
  machine: LibvirtMachine,
  how: HowToTake,
): Promise<PublishersMachine> {
  const { uri, name } = machine;
  const connection = await openConnection({ uri, signal: how.signal });
  try {
    return await take(connection, machine, how);
  } catch (error) {
    if (!(error instanceof LibvirtError)) throw error;
    const context = { cause: error, detail: error.message };
    throw isLibvirtError(error, libvirtCode.noDomain)
      ? fail('host-no-machine', { name }, context)
      : fail('host-machine-not-saved', { name, reason: error.message }, context);
  } finally {
    await connection.close();
  }
}

async function take(
  connection: Connection,
  { uri, name }: LibvirtMachine,
  how: HowToTake,
): Promise<PublishersMachine> {
  const found = await connection.lookupDomain(name);
  const domain = readDomainForPublishing(await found.inactiveXml(), how.say);
  const saves = savesFolder(uri, how.environment);
  const { state } = await found.state();
  if (state !== 'shutoff') await stop(found, domain, saves, how);
  const hasMemory = await found.hasManagedSave();
  return { domain, memoryPath: hasMemory ? saveIn(saves.path, name) : null };
}

async function stop(
  found: Domain,
  domain: PublishableDomain,
  saves: SavesFolder,
  { running, announce, signal }: HowToTake,
): Promise<void> {
  const { name } = found;
  if (running === 'leave') return;
  if (running === 'refuse') throw fail('host-machine-running', { name });
  await checkBeforeSaving(found, domain, saves);
  announce(
    `The machine “${name}” is running: it is saved now, and goes on from there when it is started again.`,
  );
  await found.managedSave({ signal });
}
