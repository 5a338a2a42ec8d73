import type { XmlElement } from '../../xml/index.js';
import { MAX_CPU_FEATURES } from '../limits.js';
import type { Cpu, CpuFeature, CpuModel, CpuTopology } from '../machine.js';
import { CPU_FALLBACKS, CPU_FEATURE_POLICIES, CPU_MATCHES, CPU_VENDORS } from '../vocabulary.js';
import { readNumaCells } from './numa.js';
import { refuse } from './refusal.js';
import { openElement } from './strict-element.js';

/** Characters of libvirt's names of models and features. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;

/** `<cpu>`, whose topology and NUMA cells must add up to the machine's CPUs and memory. */
export function readCpu(
  element: XmlElement,
  machine: { readonly vcpus: number; readonly memoryBytes: number },
): Cpu {
  const cpu = openElement(element, {
    attributes: ['match', 'mode', 'check'],
    once: ['model', 'vendor', 'topology', 'numa'],
    many: ['feature'],
  });
  cpu.attribute('mode')?.oneOf(['custom']);
  // How libvirt compared it with the publisher's host; it is compared anew with ours.
  cpu.attribute('check')?.oneOf(['none', 'partial', 'full']);
  const match = cpu.attribute('match')?.oneOf(CPU_MATCHES) ?? 'exact';
  const features = cpu.children('feature', MAX_CPU_FEATURES);
  const model = cpu.child('model');
  const vendor = cpu.child('vendor');
  if (model === null) {
    const stray = vendor ?? features[0];
    if (stray !== undefined) refuse(stray.path, 'it needs a <model> beside it');
  }
  const topology = cpu.child('topology');
  const numa = cpu.child('numa');
  return {
    model: model === null ? null : { ...readModel(model, vendor, features), match },
    topology: topology === null ? null : readTopology(topology, machine.vcpus),
    numaCells: numa === null ? [] : readNumaCells(numa, machine),
  };
}

function readModel(
  element: XmlElement,
  vendor: XmlElement | null,
  features: readonly XmlElement[],
): Omit<CpuModel, 'match'> {
  const model = openElement(element, { attributes: ['fallback'], text: true });
  return {
    name: model.text.matching(NAME, 'the name of a CPU model'),
    fallback: model.attribute('fallback')?.oneOf(CPU_FALLBACKS) ?? 'allow',
    vendor: vendor === null ? null : openElement(vendor, { text: true }).text.oneOf(CPU_VENDORS),
    features: readFeatures(features),
  };
}

function readFeatures(elements: readonly XmlElement[]): readonly CpuFeature[] {
  const names = new Set<string>();
  return elements.map((element) => {
    const feature = openElement(element, { attributes: ['name', 'policy'] });
    const name = feature.required('name');
    if (names.has(name.text)) name.refuse('each feature may be named only once');
    names.add(name.text);
    return {
      name: name.matching(NAME, 'the name of a CPU feature'),
      policy: feature.attribute('policy')?.oneOf(CPU_FEATURE_POLICIES) ?? 'require',
    };
  });
}

function readTopology(element: XmlElement, vcpus: number): CpuTopology {
  const topology = openElement(element, { attributes: ['sockets', 'dies', 'cores', 'threads'] });
  // Written by newer libvirt; more than one die came after the machines of this kind.
  topology.attribute('dies')?.integer({ min: 1, max: 1 });
  const bounds = { min: 1, max: vcpus };
  const sockets = topology.required('sockets').integer(bounds);
  const cores = topology.required('cores').integer(bounds);
  const threads = topology.required('threads').integer(bounds);
  if (sockets * cores * threads !== vcpus) {
    refuse(topology.path, `it does not add up to the ${vcpus} virtual CPUs of the machine`);
  }
  return { sockets, cores, threads };
}
