import {
  formatReference,
  parsePackageUrl,
  parseReference,
} from '../../../src/core/reference/index.js';
import { bytesTarget } from '../bytes-target.js';
import { XML_WORDS } from './xml-words.js';

const URLS = [
  'http://example.org/a.nxpk',
  'https://user:password@example.org:8443/folder/a%20b.nxpk?signature=a%3Db#part',
  'http://[::1]:80/',
  'http://xn--mnchen-3ya.example/ü',
];
const PARTS = [
  'http://', 'https:', 'file://', 'javascript:', 'vmnetx://', 'vmnetx+http://', '//', '@', ':', '[', ']',
  '%', '%00', '%zz', '\\', '?', '#', '..', '0x7f.1', '\u2028', '。', 'xn--', '\ud83d\ude00',
]; // prettier-ignore

/** A reference file. */
export const reference = bytesTarget({
  valid: URLS.flatMap((url) => [
    formatReference(parsePackageUrl(url)),
    `<v:reference xmlns:v='http://olivearchive.org/xmlns/vmnetx/reference'>\n<!-- x --><v:url>${url.replaceAll('&', '&amp;')}</v:url></v:reference>`,
  ]),
  words: [...XML_WORDS, ...PARTS],
  parse: (input) => parseReference(input, 'a.netx'),
});

/** The address in it, without the XML around. */
export const address = bytesTarget({
  valid: URLS,
  words: PARTS,
  parse: (input) => {
    const { href, label } = parsePackageUrl(input.toString());
    // What was canonical once is canonical for good.
    if (parsePackageUrl(href).href !== href) throw new Error('another address the second time');
    if (/[@?#]/.test(label.replace(/^https?:\/\/[^/]*\/[^?#]*/, ''))) throw new Error('a secret');
  },
});
