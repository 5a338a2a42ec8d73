import type { Cpu, Machine } from './machine.js';

/** The most that a computer gives to one machine. */
export interface Capacity {
  /** A multiple of 1024. */
  readonly memoryBytes: number;
  readonly processors: number;
}

/**
 * The same machine with no more memory and virtual CPUs than there is capacity for. Memory that was
 * saved with the machine does not fit it any more, if anything had to be reduced.
 */
export function reduceMachine(machine: Machine, capacity: Capacity): Machine {
  const memoryBytes = Math.min(machine.memoryBytes, capacity.memoryBytes);
  const vcpus = Math.min(machine.vcpus, capacity.processors);
  if (memoryBytes === machine.memoryBytes && vcpus === machine.vcpus) return machine;
  return {
    ...machine,
    memoryBytes,
    currentMemoryBytes: Math.min(machine.currentMemoryBytes, memoryBytes),
    vcpus,
    cpu: machine.cpu === null ? null : reduceCpu(machine.cpu, machine.vcpus, vcpus),
  };
}

/** One socket, because some guests use no more; without NUMA cells, which would not add up. */
function reduceCpu(cpu: Cpu, before: number, vcpus: number): Cpu {
  const isKept = cpu.topology === null || vcpus === before;
  return {
    ...cpu,
    topology: isKept ? cpu.topology : { sockets: 1, cores: vcpus, threads: 1 },
    numaCells: [],
  };
}
