import type { XmlElement } from '../../xml/index.js';
import { childrenOf, editChildren, inPlaceOf, without, type Say } from './edit.js';

/** Modes in which the guest sees the CPU of this very computer, or nearly. */
const HOST_MODES = ['host-passthrough', 'host-model', 'maximum'];

/**
 * What takes the place of this computer's own CPU: the oldest model that has all of x86-64-v2, which
 * today's systems ask for and every computer with hardware virtualisation has had since 2011.
 */
const PORTABLE_MODEL = 'Nehalem';

export function adaptCpu(cpu: XmlElement, say: Say): XmlElement {
  const portable = isOfHost(cpu) ? toPortable(cpu, say) : toPlain(cpu, say);
  return editChildren(
    editChildren(portable, 'topology', adaptTopology, say),
    'numa',
    adaptNuma,
    say,
  );
}

/** Whether it is the CPU of the publisher's computer, whichever that has. */
export function isOfHost(cpu: XmlElement): boolean {
  return HOST_MODES.includes(modeOf(cpu));
}

function modeOf(cpu: XmlElement): string {
  return cpu.attributes.get('mode') ?? 'custom';
}

/** Keeps how many CPUs there are and where their memory is, and nothing else. */
function toPortable(cpu: XmlElement, say: Say): XmlElement {
  const mode = modeOf(cpu);
  say(
    `The CPU, which is this computer’s own (${mode}), becomes a “${PORTABLE_MODEL}” ` +
      'without further features: most computers have at least that.',
  );
  const model = inPlaceOf(cpu, 'model', { fallback: 'allow' }, PORTABLE_MODEL);
  const shape = [...childrenOf(cpu, 'topology'), ...childrenOf(cpu, 'numa')];
  return inPlaceOf(cpu, 'cpu', { mode: 'custom', match: 'exact' }, [model, ...shape]);
}

function toPlain(cpu: XmlElement, say: Say): XmlElement {
  const names = {
    attributes: ['migratable', 'deprecated_features'],
    children: ['cache', 'maxphysaddr'],
  };
  const plain = without(cpu, names, say);
  const model = (element: XmlElement) => without(element, { attributes: ['vendor_id'] }, say);
  return editChildren(plain, 'model', model, say);
}

/** What newer libvirt writes beside sockets, cores and threads; where it is 1, it says nothing. */
function adaptTopology(topology: XmlElement): XmlElement {
  const attributes = new Map(
    [...topology.attributes].filter(
      ([name, value]) => !(['dies', 'clusters'].includes(name) && value === '1'),
    ),
  );
  return { ...topology, attributes };
}

function adaptNuma(numa: XmlElement, say: Say): XmlElement {
  const names = { attributes: ['memAccess', 'discard'], children: ['distances', 'cache'] };
  return editChildren(numa, 'cell', (cell) => without(cell, names, say), say);
}
