import type { Accelerator } from '../accelerator/index.js';
import { fail, ownWords } from '../errors/index.js';
import type { Connection } from '../libvirt/index.js';
import { executedType } from '../machine/index.js';
import type { SavedMemory } from '../memory/index.js';
import { findUnmetNeed, type HostNeeds } from './host-needs.js';

/**
 * Checks that a machine can go on here from its saved memory. What this computer lacks for that, the
 * machine may do without when it boots.
 *
 * @param needs what the machine needs as it was saved
 * @throws VmnetxError `memory-other-accelerator`, `memory-type-missing`, `memory-processor-missing`;
 *   LibvirtError
 */
export async function requireMemoryNeeds(
  connection: Connection,
  { machine: { type }, accelerator: saved }: SavedMemory,
  accelerator: Accelerator,
  needs: HostNeeds,
): Promise<void> {
  if (saved !== accelerator) {
    throw fail('memory-other-accelerator', {
      saved: saved === 'kvm' ? 'KVM' : ownWords('software emulation'),
    });
  }
  const lacksType = fail('memory-type-missing', { type });
  // A machine that boots gets another in its place.
  if (executedType(type) !== type) throw lacksType;
  const unmet = await findUnmetNeed(connection, needs);
  if (unmet?.code === 'host-lacks-machine-type') throw lacksType;
  const { cpuXml, emulation } = needs;
  const fits =
    unmet === null &&
    (cpuXml === null || (await connection.compareCpu(cpuXml, emulation)) !== 'incompatible');
  if (!fits) {
    const context = unmet === null ? {} : { cause: unmet, detail: unmet.detail ?? unmet.message };
    throw fail('memory-processor-missing', {}, context);
  }
}
