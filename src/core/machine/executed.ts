import { writeXml, type NewElement } from '../xml/index.js';
import type { Cpu, Machine } from './machine.js';
import { cpuElement } from './write/cpu.js';

/** The names of PCs until QEMU 1.3. */
const OLD_TYPE = /^pc-[0-9]/;

/** QEMU 7.2 has none older than pc-i440fx-1.4; memory saved with one is useless, the disk is not. */
export function executedType(type: string): string {
  return OLD_TYPE.test(type) ? 'pc' : type;
}

/**
 * The check is off: a CPU that this host lacks is a reason against saved memory, which its reader
 * compares, but not against the machine, which gets of the model what there is. Software emulation
 * has no model completely, and there `minimum` would make libvirt put another one in its place.
 */
export function executedCpu(cpu: Cpu | null, accelerator: 'kvm' | 'tcg'): NewElement | undefined {
  if (cpu === null) return undefined;
  const isReplaced = accelerator === 'tcg' && cpu.model?.match === 'minimum';
  const executed = isReplaced ? { ...cpu, model: { ...cpu.model, match: 'exact' as const } } : cpu;
  return cpuElement(executed, 'none');
}

/** The machine's `<cpu>` by itself, as it is executed; null: the hypervisor's default. */
export function generateCpu(machine: Machine, accelerator: 'kvm' | 'tcg'): string | null {
  const cpu = executedCpu(machine.cpu, accelerator);
  return cpu === undefined ? null : writeXml(cpu);
}
