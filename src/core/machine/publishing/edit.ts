import type { XmlElement } from '../../xml/index.js';

/** Tells the publisher of one change, in a sentence. */
export type Say = (change: string) => void;

/**
 * What becomes of an element: itself, another in its place, or nothing. What takes its place keeps
 * its path, so that the strict reader's refusals name the publisher's own document.
 */
export type Rule = (element: XmlElement, say: Say) => XmlElement | null;

/** Applies to each child the rule of its name; those without a rule stay as they are. */
export function applyRules(
  parent: XmlElement,
  rules: ReadonlyMap<string, Rule>,
  say: Say,
): XmlElement {
  const children = parent.children.flatMap((child) => {
    const rule = child.namespace === null ? rules.get(child.localName) : undefined;
    return rule === undefined ? child : (rule(child, say) ?? []);
  });
  return { ...parent, children };
}

/** Applies a rule to each child of that name, and to no other. */
export function editChildren(parent: XmlElement, name: string, rule: Rule, say: Say): XmlElement {
  return applyRules(parent, new Map([[name, rule]]), say);
}

/** Leaves out the attributes and children that are named, and says which were there. */
export function without(
  element: XmlElement,
  names: { readonly attributes?: readonly string[]; readonly children?: readonly string[] },
  say: Say,
): XmlElement {
  const isNamed = (child: XmlElement) =>
    child.namespace === null && names.children?.includes(child.localName) === true;
  const attributes = names.attributes?.filter((name) => element.attributes.has(name)) ?? [];
  const children = new Set(element.children.filter(isNamed).map(({ localName }) => localName));
  const gone = [...attributes, ...children];
  if (gone.length === 0) return element;
  say(`Left out of ${element.path}: ${gone.join(', ')}.`);
  return {
    ...element,
    attributes: new Map([...element.attributes].filter(([name]) => !attributes.includes(name))),
    children: element.children.filter((child) => !isNamed(child)),
  };
}

/** The same element with one attribute set. */
export function withAttribute(element: XmlElement, name: string, value: string): XmlElement {
  return { ...element, attributes: new Map([...element.attributes, [name, value]]) };
}

/** An element of libvirt's own in the place of another, whose path it keeps. */
export function inPlaceOf(
  { path }: XmlElement,
  name: string,
  attributes: Readonly<Record<string, string>>,
  content: readonly XmlElement[] | string = [],
): XmlElement {
  return {
    name,
    localName: name,
    namespace: null,
    attributes: new Map(Object.entries(attributes)),
    children: typeof content === 'string' ? [] : content,
    text: typeof content === 'string' ? content : '',
    path,
  };
}

export function childrenOf(element: XmlElement, name: string): readonly XmlElement[] {
  return element.children.filter((child) => child.namespace === null && child.localName === name);
}
