import { deflateRawSync } from 'node:zlib';
import { formatManifest, openPackage } from '../../../src/core/package/index.js';
import { Archive } from '../../core/package/archive.js';
import { pythonZip } from '../../support/foreign-zip.js';
import { MemorySource } from '../../support/memory-source.js';
import { storedZip } from '../../support/stored-zip.js';
import { bytesTarget } from '../bytes-target.js';
import { XML_WORDS } from './xml-words.js';

const { signal } = new AbortController();

function open(input: Buffer): Promise<unknown> {
  return openPackage(new MemorySource(input), signal);
}

const MANIFEST = formatManifest({
  name: 'A machine',
  domain: 'domain.xml',
  disk: 'disk.img',
  memory: 'memory.img',
});
const MEMBERS = [
  { name: 'vmnetx-package.xml', data: MANIFEST },
  { name: 'domain.xml', data: '<domain/>' },
  { name: 'disk.img', data: 'disk' },
  { name: 'memory.img', data: 'memory' },
];

/** A package of one member that is deflated. */
function deflated(): Buffer {
  const bytes = storedZip([{ name: 'vmnetx-package.xml', data: deflateRawSync(MANIFEST) }]);
  new Archive(bytes).setMethod('vmnetx-package.xml', 8);
  return bytes;
}

/** A package's ZIP archive. */
export const zip = bytesTarget({
  valid: [
    storedZip(MEMBERS, 'VMNetX'),
    pythonZip(MEMBERS.map((member) => ({ ...member, deflated: member.data.length > 10 }))),
    pythonZip(MEMBERS.map((member) => ({ ...member, zip64: true }))),
    deflated(),
  ],
  words: [
    'PK\u0001\u0002', 'PK\u0003\u0004', 'PK\u0005\u0006', 'PK\u0006\u0006', 'PK\u0006\u0007', '../', '\u0000', '/',
    Buffer.from([1, 0, 8, 0]), Buffer.from([1, 0, 24, 0]), Buffer.alloc(22), Buffer.alloc(64, 0xff),
  ], // prettier-ignore
  parse: open,
});

/** The manifest, in a package that is sound otherwise. */
export const manifest = bytesTarget({
  valid: [
    MANIFEST,
    formatManifest({ name: '<b>\u202e&', domain: 'domain.xml', disk: 'disk.img', memory: null }),
  ],
  words: [...XML_WORDS, '<disk path="disk.img"/>', '<memory path="domain.xml"/>', ' path="../x"'],
  parse: (input) =>
    open(storedZip([{ name: 'vmnetx-package.xml', data: input }, ...MEMBERS.slice(1)])),
});
