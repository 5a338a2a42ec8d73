import { element, type NewElement } from '../../xml/index.js';
import type { Cpu, NumaCell } from '../machine.js';
import { kib } from './system.js';

/** How libvirt compares the model with what the host can do; null: its own choice. */
export type CpuCheck = 'none' | null;

export function cpuElement(cpu: Cpu, check: CpuCheck): NewElement {
  const { model, topology, numaCells } = cpu;
  const vendor = model?.vendor ?? null;
  return element(
    'cpu',
    model === null ? {} : { mode: 'custom', match: model.match, check: check ?? undefined },
    [
      model === null ? undefined : element('model', { fallback: model.fallback }, model.name),
      vendor === null ? undefined : element('vendor', {}, vendor),
      topology === null
        ? undefined
        : element('topology', {
            sockets: topology.sockets,
            cores: topology.cores,
            threads: topology.threads,
          }),
      ...(model?.features ?? []).map(({ name, policy }) => element('feature', { policy, name })),
      numaCells.length === 0 ? undefined : element('numa', {}, numaCells.map(cellElement)),
    ],
  );
}

function cellElement(cell: NumaCell, id: number): NewElement {
  return element('cell', {
    id,
    cpus: cell.cpus.join(','),
    memory: kib(cell.memoryBytes),
    unit: 'KiB',
  });
}
