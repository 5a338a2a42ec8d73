import type { XmlElement } from '../../xml/index.js';
import { refuse } from './refusal.js';
import { Value } from './value.js';

/** What an element may consist of; everything else in it is refused. */
export interface Shape<Attribute extends string, Once extends string, Many extends string> {
  readonly attributes?: readonly Attribute[];
  /** Children that may stand there once. */
  readonly once?: readonly Once[];
  /** Children that may stand there any number of times. */
  readonly many?: readonly Many[];
  /** Whether the element holds text instead of children. */
  readonly text?: boolean;
  /** Namespace of the element; by default none, as in all of libvirt's own. */
  readonly namespace?: string;
  /** Namespace of the children; by default the element's. */
  readonly childNamespace?: string;
}

/**
 * An element that was found to consist of nothing but what its shape names. Only what was named
 * can be asked for, so that nothing is read unchecked and nothing is checked unread by accident.
 */
export class StrictElement<Attribute extends string, Once extends string, Many extends string> {
  constructor(private readonly element: XmlElement) {}

  get path(): string {
    return this.element.path;
  }

  /** The element's own text, without the white space around it. */
  get text(): Value {
    return new Value(this.element.path, this.element.text.trim());
  }

  attribute(name: Attribute): Value | null {
    const text = this.element.attributes.get(name);
    return text === undefined ? null : new Value(`${this.element.path}/@${name}`, text);
  }

  required(name: Attribute): Value {
    return this.attribute(name) ?? refuse(this.element.path, `the attribute “${name}” is missing`);
  }

  child(name: Once): XmlElement | null {
    return this.element.children.find((child) => child.localName === name) ?? null;
  }

  requiredChild(name: Once): XmlElement {
    return this.child(name) ?? refuse(this.element.path, `the element <${name}> is missing`);
  }

  /** @throws VmnetxError when there are more than `max` */
  children(name: Many, max: number): readonly XmlElement[] {
    const found = this.element.children.filter((child) => child.localName === name);
    const beyond = found[max];
    if (beyond !== undefined) refuse(beyond.path, `more than ${max} of these are not accepted`);
    return found;
  }
}

/**
 * Checks an element against its shape.
 *
 * @throws VmnetxError `domain-refused` with the path of the first thing that does not belong
 */
export function openElement<
  Attribute extends string = never,
  Once extends string = never,
  Many extends string = never,
>(element: XmlElement, shape: Shape<Attribute, Once, Many>): StrictElement<Attribute, Once, Many> {
  const namespace = shape.namespace ?? null;
  const childNamespace = shape.childNamespace ?? namespace;
  const attributes: readonly string[] = shape.attributes ?? [];
  const once: readonly string[] = shape.once ?? [];
  const many: readonly string[] = shape.many ?? [];

  if (element.namespace !== namespace) {
    refuse(element.path, 'elements of this namespace are not accepted here');
  }
  for (const name of element.attributes.keys()) {
    if (!attributes.includes(name)) {
      refuse(`${element.path}/@${name}`, 'this attribute is not accepted');
    }
  }
  if (shape.text !== true && element.text.trim() !== '') {
    refuse(element.path, 'text is not accepted here');
  }
  const seen = new Set<string>();
  for (const child of element.children) {
    if (child.namespace !== childNamespace) {
      refuse(child.path, 'elements of this namespace are not accepted here');
    }
    const name = child.localName;
    if (many.includes(name)) continue;
    if (!once.includes(name)) refuse(child.path, 'this element is not accepted');
    if (seen.has(name)) refuse(child.path, 'this element may stand here only once');
    seen.add(name);
  }
  return new StrictElement(element);
}

/** Checks that an element has neither attributes nor content. */
export function expectEmpty(element: XmlElement): void {
  openElement(element, {});
}
