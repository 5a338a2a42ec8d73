import { XMLParser } from 'fast-xml-parser';
import { decodeReferences } from './characters.js';
import { declaredPrefix, NamespaceScope, splitName } from './namespaces.js';
import { checkSyntax } from './syntax.js';
import { XmlError } from './xml-error.js';

/** An element and all below it. Comments are gone, references are replaced. */
export interface XmlElement {
  /** As written, with its prefix. */
  readonly name: string;
  readonly localName: string;
  /** URI of the element's namespace, or null. */
  readonly namespace: string | null;
  /**
   * By name; an attribute with a prefix is found as `{URI}local`. Declarations of namespaces are
   * not among them.
   */
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** All text directly inside, as it stands, spaces and line breaks between children included. */
  readonly text: string;
  /** Where it is, for messages: `/domain/devices/disk[2]`; counted from 1 among equal names. */
  readonly path: string;
}

/** What a document may cost. */
export interface XmlLimits {
  readonly maxBytes: number;
  /** Levels of elements; the root is the first. */
  readonly maxDepth: number;
  readonly maxElements: number;
}

const TEXT_KEY = '#text';
const ATTRIBUTES_KEY = ':@';
/** Keeps attribute names apart from what JavaScript objects inherit. */
const ATTRIBUTE_PREFIX = '@';

/**
 * Reads a document of the plain subset of XML: UTF-8, no document type, entities, CDATA or
 * processing instructions.
 *
 * @throws XmlError for everything else, and beyond the limits
 */
export function parseXml(document: Uint8Array | string, limits: XmlLimits): XmlElement {
  const bytes = typeof document === 'string' ? Buffer.byteLength(document) : document.length;
  if (bytes > limits.maxBytes) {
    throw new XmlError('too-large', `longer than ${limits.maxBytes} bytes`);
  }
  const text = typeof document === 'string' ? document.replace(/^\ufeff/, '') : decode(document);
  const expected = checkSyntax(text, limits);
  const [root, ...others] = readNodes(text, limits);
  if (root === undefined || others.length > 0) throw disagreement();
  const found = [...outlineOf(root)];
  if (found.length !== expected.length || found.some((name, n) => name !== expected[n])) {
    throw disagreement();
  }
  return toElement(root, `/${root.name}`, NamespaceScope.root);
}

/** The checker and the parser saw different documents: neither is to be trusted then. */
function disagreement(cause?: unknown): XmlError {
  const error = new XmlError('not-well-formed', 'the document is not unambiguous');
  error.cause = cause;
  return error;
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new XmlError('encoding', 'the encoding must be UTF-8');
  }
}

/** A node of fast-xml-parser's ordered tree, its values still as written. */
interface RawElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly RawElement[];
  readonly text: string;
}

function readNodes(text: string, limits: XmlLimits): readonly RawElement[] {
  const parser = new XMLParser({
    preserveOrder: true,
    textNodeName: TEXT_KEY,
    attributeNamePrefix: ATTRIBUTE_PREFIX,
    ignoreAttributes: false,
    ignoreDeclaration: true,
    parseTagValue: false,
    parseAttributeValue: false,
    trimValues: false,
    processEntities: false,
    onDangerousProperty: (name) => name,
    maxNestedTags: limits.maxDepth,
  });
  let nodes: unknown;
  try {
    nodes = parser.parse(text);
  } catch (error) {
    throw disagreement(error);
  }
  return toRawContent(nodes).children;
}

function toRawContent(nodes: unknown): { children: RawElement[]; text: string } {
  if (!Array.isArray(nodes)) throw disagreement();
  const children: RawElement[] = [];
  let text = '';
  for (const node of nodes.map(toRecord)) {
    const name = Object.keys(node).find((key) => key !== ATTRIBUTES_KEY);
    const content = name === undefined ? undefined : node[name];
    if (name === undefined) throw disagreement();
    if (name === TEXT_KEY) {
      if (typeof content !== 'string') throw disagreement();
      text += content;
    } else {
      children.push({
        name,
        attributes: toAttributes(node[ATTRIBUTES_KEY]),
        ...toRawContent(content),
      });
    }
  }
  return { children, text };
}

function toAttributes(value: unknown): ReadonlyMap<string, string> {
  const attributes = new Map<string, string>();
  if (value === undefined) return attributes;
  for (const [key, raw] of Object.entries(toRecord(value))) {
    if (typeof raw !== 'string') throw disagreement();
    // Section 3.3.3: white space as such becomes spaces, referred to by number it stays.
    const normalized = raw.replace(/[\t\n\r]/g, ' ');
    attributes.set(key.slice(ATTRIBUTE_PREFIX.length), decodeReferences(normalized));
  }
  return attributes;
}

function toRecord(value: unknown): Readonly<Record<string, unknown>> {
  if (!isRecord(value)) throw disagreement();
  return value;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function toElement(raw: RawElement, path: string, outer: NamespaceScope): XmlElement {
  const scope = outer.enter(raw.attributes, path);
  const { prefix, localName } = splitName(raw.name);
  const paths = childPaths(raw.children, path);
  return {
    name: raw.name,
    localName,
    namespace: scope.resolve(prefix, path),
    attributes: resolveAttributes(raw.attributes, scope, path),
    children: raw.children.map((child, index) => toElement(child, paths[index] ?? path, scope)),
    text: decodeReferences(raw.text),
    path,
  };
}

function childPaths(children: readonly RawElement[], parent: string): readonly string[] {
  const total = new Map<string, number>();
  for (const { name } of children) total.set(name, (total.get(name) ?? 0) + 1);
  const seen = new Map<string, number>();
  return children.map(({ name }) => {
    const number = (seen.get(name) ?? 0) + 1;
    seen.set(name, number);
    return total.get(name) === 1 ? `${parent}/${name}` : `${parent}/${name}[${number}]`;
  });
}

function resolveAttributes(
  raw: ReadonlyMap<string, string>,
  scope: NamespaceScope,
  path: string,
): ReadonlyMap<string, string> {
  const resolved = new Map<string, string>();
  for (const [name, value] of raw) {
    if (declaredPrefix(name) !== null) continue;
    const { prefix, localName } = splitName(name);
    const key = prefix === '' ? name : `{${scope.resolve(prefix, path) ?? ''}}${localName}`;
    if (resolved.has(key)) {
      throw new XmlError('duplicate-attribute', `the attribute “${name}” stands twice`, { path });
    }
    resolved.set(key, value);
  }
  return resolved;
}

function* outlineOf({ name, attributes, children }: RawElement): Generator<string> {
  yield name;
  for (const attribute of attributes.keys()) yield `@${attribute}`;
  for (const child of children) yield* outlineOf(child);
}
