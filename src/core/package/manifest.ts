import { cleanText } from '../text/index.js';
import {
  element,
  parseXml,
  writeXml,
  XML_DECLARATION,
  XmlError,
  type XmlElement,
} from '../xml/index.js';
import { MAX_MANIFEST_BYTES, MAX_NAME_CHARACTERS } from './limits.js';
import { PackageFault } from './zip-fault.js';

/** The member that makes a ZIP a package; it stands first in the file. */
export const MANIFEST_NAME = 'vmnetx-package.xml';

const NAMESPACE = 'http://olivearchive.org/xmlns/vmnetx/package';
const LIMITS = { maxBytes: MAX_MANIFEST_BYTES, maxDepth: 4, maxElements: 16 };

/** What a manifest says: the machine's name, and the members by name. */
export interface Manifest {
  /** Plain text, fit to be shown. */
  readonly name: string;
  readonly domain: string;
  readonly disk: string;
  readonly memory: string | null;
}

/**
 * Reads `vmnetx-package.xml` of format 1.
 *
 * @throws PackageFault naming what is not allowed
 */
export function parseManifest(bytes: Uint8Array): Manifest {
  const root = parse(bytes);
  if (root.localName !== 'image' || root.namespace !== NAMESPACE) {
    throw new PackageFault(`its manifest is of an unknown kind (<${root.name}>)`);
  }
  checkAttributes(root, 'name');
  const members = new Map<string, string>();
  for (const child of root.children) {
    const known = ['domain', 'disk', 'memory'].includes(child.localName);
    if (!known || child.namespace !== NAMESPACE) {
      throw new PackageFault(`${child.path} is not allowed`);
    }
    if (members.has(child.localName)) throw new PackageFault(`${child.path} is one too many`);
    checkAttributes(child, 'path');
    if (child.children[0] !== undefined) {
      throw new PackageFault(`${child.children[0].path} is not allowed`);
    }
    members.set(child.localName, child.attributes.get('path') ?? '');
  }
  const domain = members.get('domain');
  const disk = members.get('disk');
  if (domain === undefined) throw new PackageFault('its manifest names no domain');
  if (disk === undefined) throw new PackageFault('its manifest names no disk');
  if (new Set([...members.values(), MANIFEST_NAME]).size !== members.size + 1) {
    throw new PackageFault('its manifest names a member twice');
  }
  return { name: readName(root), domain, disk, memory: members.get('memory') ?? null };
}

/** The content of a manifest of format 1. */
export function formatManifest(manifest: Manifest): string {
  const root = element('image', { xmlns: NAMESPACE, name: manifest.name }, [
    element('domain', { path: manifest.domain }),
    element('disk', { path: manifest.disk }),
    manifest.memory === null ? undefined : element('memory', { path: manifest.memory }),
  ]);
  return XML_DECLARATION + writeXml(root);
}

function parse(bytes: Uint8Array): XmlElement {
  try {
    return parseXml(bytes, LIMITS);
  } catch (error) {
    if (!(error instanceof XmlError)) throw error;
    throw new PackageFault(`its manifest is wrong, ${error.message}`, { cause: error });
  }
}

/** The element has this attribute and no other, and no text of its own. */
function checkAttributes(element: XmlElement, only: string): void {
  const foreign = [...element.attributes.keys()].find((name) => name !== only);
  if (foreign !== undefined) {
    throw new PackageFault(`${element.path} has the attribute “${foreign}”, which is not allowed`);
  }
  if (!element.attributes.has(only)) {
    throw new PackageFault(`${element.path} has no attribute “${only}”`);
  }
  if (element.text.trim() !== '') throw new PackageFault(`${element.path} contains text`);
}

function readName(root: XmlElement): string {
  const name = cleanText((root.attributes.get('name') ?? '').trim(), MAX_NAME_CHARACTERS);
  if (name === '') throw new PackageFault('its machine has no name');
  return name;
}
