import { openSource } from '../fetch/index.js';
import type { Machine, PublishableDomain } from '../machine/index.js';
import { readSavedMemory, type SavedMemory } from '../memory/index.js';
import { notPacked } from './not-packed.js';
import type { Say } from './publishers-machine.js';

/** Memory that libvirt saved on the publisher's computer. */
export interface MemoryToPack extends SavedMemory {
  readonly path: string;
}

/**
 * Reads the header of a publisher's saved memory as everybody's reader will, and checks that it is
 * that of the machine which is packed.
 *
 * @throws VmnetxError `memory-not-packed`, `host-…`
 */
export async function readMemoryToPack(
  path: string,
  domain: PublishableDomain,
  say: Say,
  signal: AbortSignal,
): Promise<MemoryToPack> {
  const source = await openSource({ kind: 'file', path, label: path }, { signal });
  try {
    const place = { offset: 0, length: source.size };
    const saved = await readSavedMemory(source, place, machineToResume(domain), signal);
    if (domain.hasHostCpu) {
      const model = saved.machine.cpu?.model?.name ?? '';
      say(`With its memory it keeps the CPU with which it was saved: “${model}”.`);
    }
    if (saved.accelerator === 'tcg') {
      say(
        'The memory was saved in software emulation: computers that run machines by hardware start it ' +
          'from its disk.',
      );
    }
    return { ...saved, path };
  } catch (error) {
    throw notPacked(path, error);
  } finally {
    await source.close();
  }
}

/**
 * The machine that memory must be of to be packed with a publisher's. A CPU that this borrows from the
 * publisher's computer may be any: libvirt writes down which one it was.
 */
export function machineToResume({ machine, hasHostCpu }: PublishableDomain): Machine {
  return hasHostCpu ? { ...machine, cpu: null } : machine;
}
