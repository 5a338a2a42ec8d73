import { parseTree } from '../../../../src/core/machine/read/domain.js';
import { adaptDomain } from '../../../../src/core/machine/publishing/adapt-domain.js';
import { writeXml, type NewElement, type XmlElement } from '../../../../src/core/xml/index.js';

interface Adapted {
  /** As {@link canonical} writes it. */
  readonly xml: string;
  readonly changes: readonly string[];
}

/** A domain XML as a tree to be written again. */
export function toTree(xml: string): NewElement {
  return toNewElement(parseTree(xml));
}

/** A domain XML in the way of our own writer, so that only what it says is compared. */
export function canonical(xml: string): string {
  return writeXml(toTree(xml));
}

/** What is made of a domain XML before it is read strictly. */
export function adapt(xml: string): Adapted {
  const changes: string[] = [];
  const adapted = adaptDomain(parseTree(xml), (change) => changes.push(change));
  return { xml: writeXml(toNewElement(adapted)), changes };
}

function toNewElement(element: XmlElement): NewElement {
  const { name, localName, namespace, children, text } = element;
  const prefix = name.slice(0, -localName.length - 1);
  const declared = prefix === '' ? [] : [[`xmlns:${prefix}`, namespace ?? ''] as const];
  return {
    name,
    attributes: new Map([...declared, ...element.attributes]),
    content: children.length > 0 ? children.map(toNewElement) : text.trim(),
  };
}
