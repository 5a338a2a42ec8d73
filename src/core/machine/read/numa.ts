import type { XmlElement } from '../../xml/index.js';
import { MAX_NUMA_CELLS } from '../limits.js';
import type { NumaCell } from '../machine.js';
import { readMemorySize } from './memory-size.js';
import { refuse } from './refusal.js';
import { openElement } from './strict-element.js';
import { Value } from './value.js';

/**
 * `<numa>`. libvirt and QEMU guess where the cells do not add up, each in its own way; here they
 * must have every CPU once and all of the memory.
 */
export function readNumaCells(
  element: XmlElement,
  machine: { readonly vcpus: number; readonly memoryBytes: number },
): readonly NumaCell[] {
  const numa = openElement(element, { many: ['cell'] });
  const cells = numa
    .children('cell', MAX_NUMA_CELLS)
    .map((cell, index) => readCell(cell, index, machine));
  const cpus = cells.flatMap((cell) => cell.cpus);
  if (new Set(cpus).size !== cpus.length || cpus.length !== machine.vcpus) {
    refuse(numa.path, `its cells must have each of the ${machine.vcpus} virtual CPUs once`);
  }
  const bytes = cells.reduce((sum, cell) => sum + cell.memoryBytes, 0);
  if (bytes !== machine.memoryBytes) {
    refuse(numa.path, 'the memory of its cells is not that of the machine');
  }
  return cells;
}

function readCell(
  element: XmlElement,
  index: number,
  machine: { readonly vcpus: number; readonly memoryBytes: number },
): NumaCell {
  const cell = openElement(element, { attributes: ['id', 'cpus', 'memory', 'unit'] });
  cell.attribute('id')?.integer({ min: index, max: index });
  return {
    cpus: readCpuList(cell.required('cpus'), machine.vcpus),
    memoryBytes: readMemorySize(cell.required('memory'), cell.attribute('unit'), {
      min: 1024,
      max: machine.memoryBytes,
    }),
  };
}

/** A list such as `0-2,5`. */
function readCpuList(list: Value, vcpus: number): readonly number[] {
  const cpus = new Set<number>();
  for (const range of list.text.split(',', vcpus + 1)) {
    const [first = '', last = first, ...rest] = range.split('-', 3);
    if (rest.length > 0) list.refuse('a list of CPUs is expected');
    const from = new Value(list.path, first).integer({ min: 0, max: vcpus - 1 });
    const to = new Value(list.path, last).integer({ min: from, max: vcpus - 1 });
    for (let cpu = from; cpu <= to; cpu++) {
      if (cpus.has(cpu)) list.refuse(`CPU ${cpu} stands twice`);
      cpus.add(cpu);
    }
  }
  return [...cpus].sort((a, b) => a - b);
}
