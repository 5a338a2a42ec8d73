import { XmlError } from './xml-error.js';

const XML_NAMESPACE = 'http://www.w3.org/XML/1998/namespace';
const XMLNS_NAMESPACE = 'http://www.w3.org/2000/xmlns/';

/**
 * The prefixes that are bound at an element: its own and, behind them, its ancestors'. A chain
 * instead of copies, so that many declarations cost no more than their own size.
 */
export class NamespaceScope {
  static readonly root = new NamespaceScope(null, new Map([['xml', XML_NAMESPACE]]));

  private constructor(
    private readonly outer: NamespaceScope | null,
    private readonly own: ReadonlyMap<string, string>,
  ) {}

  /**
   * The scope of a child element whose attributes are given; itself when it declares nothing.
   *
   * @throws XmlError `namespace` for a declaration that Namespaces in XML 1.0 forbids
   */
  enter(attributes: ReadonlyMap<string, string>, path: string): NamespaceScope {
    const declared = new Map<string, string>();
    for (const [name, uri] of attributes) {
      const prefix = declaredPrefix(name);
      if (prefix === null) continue;
      const wrong =
        prefix === 'xmlns' ||
        uri === XMLNS_NAMESPACE ||
        (prefix === 'xml') !== (uri === XML_NAMESPACE) ||
        (prefix !== '' && uri === '');
      if (wrong) throw new XmlError('namespace', `the declaration “${name}” is wrong`, { path });
      declared.set(prefix, uri);
    }
    return declared.size === 0 ? this : new NamespaceScope(this, declared);
  }

  /**
   * The namespace of a prefix (`''`: the default one); null where there is none.
   *
   * @throws XmlError `namespace` for a prefix that is not declared
   */
  resolve(prefix: string, path: string): string | null {
    const uri = this.find(prefix);
    if (uri !== undefined) return uri === '' ? null : uri;
    if (prefix === '') return null;
    throw new XmlError('namespace', `the prefix “${prefix}” is not declared`, { path });
  }

  private find(prefix: string): string | undefined {
    return this.own.get(prefix) ?? this.outer?.find(prefix);
  }
}

/** The prefix that an attribute declares (`''` for `xmlns`), or null if it is no declaration. */
export function declaredPrefix(attribute: string): string | null {
  if (attribute === 'xmlns') return '';
  return attribute.startsWith('xmlns:') ? attribute.slice('xmlns:'.length) : null;
}

/** Splits a name as written into prefix (`''` if none) and local part. */
export function splitName(name: string): { readonly prefix: string; readonly localName: string } {
  const colon = name.indexOf(':');
  return colon === -1
    ? { prefix: '', localName: name }
    : { prefix: name.slice(0, colon), localName: name.slice(colon + 1) };
}
