import { fail } from '../errors/index.js';
import {
  isLibvirtError,
  libvirtCode,
  LibvirtError,
  openConnection,
  type Connection,
  type Domain,
} from '../libvirt/index.js';
import { parseSavedDomain, readDomainForPublishing } from '../machine/index.js';
import type { Environment } from '../places/index.js';
import type { MachineLocation } from './machine-location.js';
import { notPacked } from './not-packed.js';
import type { PublishersMachine, Say } from './publishers-machine.js';
import { saveIn, savesFolder } from './saves-folder.js';

type LibvirtMachine = Extract<MachineLocation, { kind: 'libvirt' }>;

export interface HowToTake {
  /** What is done with a machine that runs. Whatever cannot be packed is refused before. */
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
  const { state } = await found.state();
  if (state !== 'shutoff') await stop(found, how);
  const hasMemory = await found.hasManagedSave();
  const folder = savesFolder(uri, how.environment);
  return { domain, memoryPath: hasMemory ? saveIn(folder, name) : null };
}

async function stop(domain: Domain, { running, announce, signal }: HowToTake): Promise<void> {
  const { name } = domain;
  if (running === 'leave') return;
  if (running === 'refuse') throw fail('host-machine-running', { name });
  try {
    parseSavedDomain(Buffer.from(await domain.xml()));
  } catch (error) {
    throw notPacked(`the memory of “${name}”`, error);
  }
  announce(
    `The machine “${name}” is running: it is saved now, and goes on from there when it is started again.`,
  );
  await domain.managedSave({ signal });
}
