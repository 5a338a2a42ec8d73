import { availableParallelism, totalmem } from 'node:os';
import { fail, type VmnetxError } from '../errors/index.js';
import type { Capacity, Machine } from '../machine/index.js';
import { formatSize } from '../text/index.js';

/** Of the computer's memory; the rest is for QEMU itself, the page cache and the desktop. */
const MEMORY_SHARE = 3 / 4;
const MIB = 1024 ** 2;

/** What this computer gives to one machine. */
export function hostCapacity(): Capacity {
  return {
    memoryBytes: Math.floor((totalmem() * MEMORY_SHARE) / MIB) * MIB,
    processors: availableParallelism(),
  };
}

/** `host-too-small` for a machine that wants more than there is capacity for, else null. */
export function shortageOf(
  { memoryBytes, vcpus }: Pick<Machine, 'memoryBytes' | 'vcpus'>,
  capacity: Capacity,
): VmnetxError | null {
  const lacksMemory = memoryBytes > capacity.memoryBytes;
  const lacksProcessors = vcpus > capacity.processors;
  if (!lacksMemory && !lacksProcessors) return null;
  // In words of every language, as the sentence is translated and this is not.
  const amount = (memory: number, processors: number): string =>
    [
      ...(lacksMemory ? [`${formatSize(memory)} RAM`] : []),
      ...(lacksProcessors ? [processors === 1 ? '1 CPU' : `${processors} CPUs`] : []),
    ].join(' + ');
  return fail('host-too-small', {
    wanted: amount(memoryBytes, vcpus),
    given: amount(capacity.memoryBytes, capacity.processors),
  });
}
