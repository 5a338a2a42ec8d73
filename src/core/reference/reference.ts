import { fail } from '../errors/index.js';
import {
  element,
  parseXml,
  writeXml,
  XML_DECLARATION,
  XmlError,
  type XmlElement,
} from '../xml/index.js';
import { parsePackageUrl, type PackageUrl } from './package-url.js';

/** The largest reference file, in bytes: one URL and room for comments. */
export const MAX_REFERENCE_BYTES = 64 * 1024;

const LIMITS = { maxBytes: MAX_REFERENCE_BYTES, maxDepth: 4, maxElements: 4 };
const NAMESPACE = 'http://olivearchive.org/xmlns/vmnetx/reference';

/**
 * Reads a reference file (`*.netx`) strictly: one `url`, nothing else.
 *
 * @param label what a person knows the file by
 * @throws VmnetxError `reference-not-xml`, `reference-malformed`, `reference-url-refused`,
 *   `reference-remote-machine`
 */
export function parseReference(bytes: Uint8Array, label: string): PackageUrl {
  const root = parse(bytes, label);
  const malformed = (reason: string) => fail('reference-malformed', { location: label, reason });

  if (root.localName !== 'reference' || root.namespace !== NAMESPACE) {
    throw malformed(`its root is <${root.name}>, which is no machine reference`);
  }
  for (const child of root.children) {
    if (child.localName !== 'url' || child.namespace !== NAMESPACE) {
      throw malformed(`${child.path} is not allowed`);
    }
  }
  const [url, second] = root.children;
  if (url === undefined) throw malformed('it has no address');
  if (second !== undefined) throw malformed('it has more than one address');
  const foreign = [...root.attributes.keys(), ...url.attributes.keys()][0];
  if (foreign !== undefined) throw malformed(`the attribute “${foreign}” is not allowed`);
  if (url.children[0] !== undefined) throw malformed(`${url.children[0].path} is not allowed`);
  if (root.text.trim() !== '') throw malformed('there is text beside its address');
  return parsePackageUrl(url.text.trim());
}

/** The content of a reference file that names the package at `url`. */
export function formatReference(url: PackageUrl): string {
  const root = element('reference', { xmlns: NAMESPACE }, [element('url', {}, url.href)]);
  return XML_DECLARATION + writeXml(root);
}

function parse(bytes: Uint8Array, label: string): XmlElement {
  try {
    return parseXml(bytes, LIMITS);
  } catch (error) {
    if (!(error instanceof XmlError)) throw error;
    const isMarkup = /^\ufeff?\s*</.test(Buffer.from(bytes.subarray(0, 1024)).toString());
    throw isMarkup
      ? fail('reference-malformed', { location: label, reason: error.message }, { cause: error })
      : fail('reference-not-xml', { location: label }, { cause: error });
  }
}
