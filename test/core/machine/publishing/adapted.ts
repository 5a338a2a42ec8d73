import { parseTree } from '../../../../src/core/machine/read/domain.js';
import { adaptDomain } from '../../../../src/core/machine/publishing/adapt-domain.js';
import { writeXml, type NewElement, type XmlElement } from '../../../../src/core/xml/index.js';

interface Adapted {
  /** As {@link canonical} writes it. */
  readonly xml: string;
  readonly changes: readonly string[];
}

/** A domain XML in the way of our own writer, so that only what it says is compared. */
export function canonical(xml: string): string {
  return writeXml(toNewElement(parseTree(xml)));
}

/** What is made of a domain XML before it is read strictly. */
export function adapt(xml: string): Adapted {
  const changes: string[] = [];
  const adapted = adaptDomain(parseTree(xml), (change) => changes.push(change));
  return { xml: writeXml(toNewElement(adapted)), changes };
}

/** Namespaces are lost, but no element of another than libvirt's is compared. */
function toNewElement({ name, attributes, children, text }: XmlElement): NewElement {
  return {
    name,
    attributes,
    content: children.length > 0 ? children.map(toNewElement) : text.trim(),
  };
}
