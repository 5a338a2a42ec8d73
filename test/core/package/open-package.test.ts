import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { formatManifest, openPackage, type Package } from '../../../src/core/package/index.js';
import { infoZip, pythonZip, type ForeignMember } from '../../support/foreign-zip.js';
import { MemorySource } from '../../support/memory-source.js';
import { LOCAL, Archive } from './archive.js';

const { signal } = new AbortController();
const disk = randomBytes(150_000);
const memory = randomBytes(90_000);
const domain = `<domain type="kvm"><!-- ${'x'.repeat(3000)} --></domain>`;
const manifest = formatManifest({
  name: 'A machine',
  domain: 'domain.xml',
  disk: 'disk.img',
  memory: 'memory.img',
});
const usualDisk: ForeignMember = { name: 'disk.img', data: disk };
const usual: readonly ForeignMember[] = [
  { name: 'vmnetx-package.xml', data: manifest },
  { name: 'domain.xml', data: domain },
  { name: 'memory.img', data: memory },
  usualDisk,
];

function open(bytes: Buffer): Promise<Package> {
  return openPackage(new MemorySource(bytes), signal);
}

function checkUsual(bytes: Buffer, opened: Package): void {
  assert.equal(opened.name, 'A machine');
  assert.equal(opened.sizeBytes, bytes.length);
  assert.equal(opened.domainXml.toString(), domain);
  const { offset, storedBytes } = opened.disk;
  assert.deepEqual(bytes.subarray(offset, offset + storedBytes), disk);
  assert.deepEqual([opened.disk.name, opened.disk.crc32], ['disk.img', crc32(disk)]);
  const start = opened.memory?.offset ?? 0;
  assert.deepEqual(bytes.subarray(start, start + memory.length), memory);
}

describe('openPackage', () => {
  let plain: Buffer = Buffer.alloc(0);

  before(() => {
    plain = pythonZip(usual);
  });

  it('finds its way in a package made by Python', async () => {
    checkUsual(plain, await open(plain));
  });

  it('finds its way in a package made by Info-ZIP, with fields in local headers only', async () => {
    const bytes = infoZip(usual);
    const { extraBytes, centralExtraBytes } = new Archive(bytes).member('disk.img');
    assert.notEqual(extraBytes, centralExtraBytes);
    checkUsual(bytes, await open(bytes));
  });

  it('takes what Info-ZIP makes by its other ways: ZIP64 everywhere, no fields, names in UTF-8', async () => {
    for (const options of [['-fz'], ['-X'], ['-UN=UTF8'], ['-X', '-fz-']]) {
      const bytes = infoZip([...usual, { name: 'größe', data: 'x' }], ...options);
      checkUsual(bytes, await open(bytes));
    }
  });

  it('takes ZIP64 fields, deflated texts, another order and members that it does not know', async () => {
    const bytes = pythonZip(
      [
        { name: 'notes/ü.txt', data: 'hello', deflated: true, unicodePath: 'notes/ü.txt' },
        { name: 'disk.img', data: disk, zip64: true },
        { name: 'domain.xml', data: domain, deflated: true, zip64: true },
        { name: 'memory.img', data: memory, zip64: true },
        { name: 'empty/', data: '' },
        { name: 'vmnetx-package.xml', data: manifest, deflated: true },
      ],
      '',
    );
    checkUsual(bytes, await open(bytes));
  });

  it('does without memory', async () => {
    const text = formatManifest({ name: 'x', domain: 'd', disk: 'i', memory: null });
    const bytes = pythonZip([
      { name: 'vmnetx-package.xml', data: text },
      { name: 'd', data: domain },
      { name: 'i', data: disk },
    ]);
    const opened = await open(bytes);
    assert.equal(opened.memory, null);
    assert.equal(opened.disk.name, 'i');
  });

  it('reads little: the end, headers and the small members', async () => {
    const source = new MemorySource(plain);
    await openPackage(source, signal);
    const total = source.reads.reduce((sum, [, length]) => sum + length, 0);
    assert.ok(source.reads.length <= 7, `${source.reads.length} reads`);
    assert.ok(total < 85_000, `${total} bytes`);
  });

  it('knows a package by the digest of its directory', async () => {
    const archive = new Archive(plain);
    const directory = plain.subarray(archive.directoryOffset, archive.endOffset);
    const expected = createHash('sha256').update(directory).digest('hex');
    assert.equal((await open(plain)).directoryDigest, expected);
    const other = pythonZip([...usual.slice(0, 3), { name: 'disk.img', data: memory }]);
    assert.notEqual((await open(other)).directoryDigest, expected);
  });

  it('tells what is no ZIP, what is cut short, and what is no package', async () => {
    for (const bytes of [Buffer.alloc(0), Buffer.from('PK'), randomBytes(100_000)]) {
      await assert.rejects(open(bytes), { code: 'package-not-zip', status: 65 });
    }
    for (const length of [4, 100, 200_000, plain.length - 1]) {
      const short = open(plain.subarray(0, length));
      await assert.rejects(short, { code: 'package-malformed' });
    }
    await assert.rejects(open(pythonZip([{ name: 'a', data: 'b' }])), {
      code: 'package-no-manifest',
    });
    await assert.rejects(open(pythonZip([])), { code: 'package-no-manifest' });
  });

  it('lets go when it is told to', async () => {
    const aborted = openPackage(new MemorySource(plain), AbortSignal.abort());
    await assert.rejects(aborted, { name: 'AbortError' });
  });

  function refuses(what: string, reason: RegExp, make: () => Buffer): void {
    it(`refuses ${what}`, async () => {
      await assert.rejects(open(make()), (error) => {
        assert.ok(error instanceof Error && 'code' in error, String(error));
        assert.equal(error.code, 'package-malformed', String(error));
        assert.match(error.message, reason);
        return true;
      });
    });
  }

  /** The usual package with something overwritten. */
  function changed(change: (archive: Archive) => void): () => Buffer {
    return () => {
      const archive = new Archive(Buffer.from(plain));
      change(archive);
      return archive.bytes;
    };
  }

  /** The usual package with one member replaced or added. */
  function withMember(member: ForeignMember): () => Buffer {
    return () => pythonZip([...usual.filter(({ name }) => name !== member.name), member]);
  }

  refuses('a second end record in the comment', /more than one end record/, () => {
    const end = new Archive(pythonZip(usual, '')).endOffset;
    const record = Buffer.from(plain.subarray(end, end + 22));
    record.writeUInt16LE(0, 20);
    const outer = Buffer.from(record);
    outer.writeUInt16LE(record.length, 20);
    return Buffer.concat([plain.subarray(0, end), outer, record]);
  });
  refuses('the mark of an end record in the comment', /more than one end record/, () => {
    return pythonZip(usual, `a comment PK\u0005\u0006${'x'.repeat(40)}`);
  });
  refuses('bytes after the end', /its end is missing/, () => Buffer.concat([plain, Buffer.from('x')])); // prettier-ignore
  refuses('bytes before the beginning', /not where it should be/, () => Buffer.concat([Buffer.from('PK\u0003\u0004 hello'), plain])); // prettier-ignore
  refuses(
    'several volumes',
    /volumes/,
    changed((a) => a.bytes.writeUInt16LE(1, a.endOffset + 4)),
  );
  refuses('a directory of several volumes', /volumes/, changed((a) => a.bytes.writeUInt16LE(3, a.endOffset + 8))); // prettier-ignore
  refuses('a directory before its place', /not where/, changed((a) => a.bytes.writeUInt32LE(a.directoryOffset - 1, a.endOffset + 16))); // prettier-ignore
  refuses('a directory beyond the end', /not where/, changed((a) => a.bytes.writeUInt32LE(0xffff_fffe, a.endOffset + 16))); // prettier-ignore
  refuses('full fields without ZIP64', /ZIP64/, changed((a) => a.bytes.writeUInt32LE(0xffff_ffff, a.endOffset + 16))); // prettier-ignore
  refuses(
    'fewer entries than there are',
    /wrong length/,
    changed((a) => {
      a.setCounts(3);
    }),
  );
  refuses(
    'more entries than there are',
    /cut short/,
    changed((a) => {
      a.setCounts(5);
    }),
  );
  refuses(
    'too many entries',
    /10001 members/,
    changed((a) => {
      a.setCounts(10_001);
    }),
  );
  refuses('a huge directory', /too long/, () => {
    const many = Array.from({ length: 60 }, (_, n) => ({ name: `${n}${'x'.repeat(65_000)}`, data: '' })); // prettier-ignore
    return pythonZip([...usual, ...many, { name: 'y'.repeat(65_000), data: '' }, ...many.map(({ name }) => ({ name: `z${name}`, data: '' }))]); // prettier-ignore
  });
  refuses('two members of one name', /two members are called “disk.img”/, () => {
    const bytes = pythonZip([...usual, { name: 'disk.imh', data: 'x' }]);
    const archive = new Archive(bytes);
    archive.rename('disk.imh', 'disk.img');
    return bytes;
  });

  for (const name of [
    '../x',
    '/x',
    'a/../b',
    './a',
    'a//b',
    'c:x',
    'a\\b',
    'a\u0001b',
    'gpj.\u202eexe',
    'a\u200bb',
  ]) {
    refuses(`a member called ${JSON.stringify(name)}`, /a member is called/, withMember({ name, data: 'x' })); // prettier-ignore
  }
  refuses('a name with NUL', /a member is called/, () => {
    const archive = new Archive(pythonZip([...usual, { name: 'a_b', data: 'x' }]));
    archive.rename('a_b', 'a\0b');
    return archive.bytes;
  });
  refuses('a second name that is another', /two names/, () => {
    return pythonZip([...usual, { name: 'notes', data: 'x', unicodePath: '../x' }]);
  });
  refuses('a second name that is another, in a local header only', /two names/, () => {
    const bytes = pythonZip([...usual.slice(0, 3), { ...usualDisk, unicodePath: 'disk.img' }]);
    const at = new Archive(bytes).member('disk.img').local;
    bytes.write('k', bytes.indexOf('disk.img', at + 30 + 'disk.img'.length));
    return bytes;
  });
  refuses('a name that is not UTF-8', /not UTF-8/, () => {
    const archive = new Archive(pythonZip([...usual, { name: 'abc', data: 'x' }]));
    archive.rename('abc', Buffer.from([0x61, 0xff, 0x62]));
    return archive.bytes;
  });

  refuses('members that overlap', /overlaps/, changed((a) => {
    a.bytes.writeUInt32LE(a.member('memory.img').local + 10, a.member('disk.img').central + 42);
  })); // prettier-ignore
  refuses('a member inside another', /overlaps/, changed((a) => {
    a.bytes.writeUInt32LE(a.member('memory.img').data + 1000, a.member('domain.xml').central + 42);
  })); // prettier-ignore
  refuses('a member that reaches into the directory', /beyond its place/, changed((a) => {
    a.setSizes('disk.img', disk.length + 1);
  })); // prettier-ignore
  refuses('a member that reaches into its neighbour', /overlaps/, changed((a) => {
    a.setSizes('memory.img', memory.length + 1);
  })); // prettier-ignore
  refuses('a member beyond the end', /beyond its place/, changed((a) => {
    a.bytes.writeUInt32LE(0xffff_fff0, a.member('disk.img').central + 42);
  })); // prettier-ignore
  refuses('extra fields that push the data into the neighbour', /beyond its place|too long|cut short/, changed((a) => {
    a.bytes.writeUInt16LE(0xffff, a.member('disk.img').local + LOCAL.extraLength);
    a.bytes.writeUInt16LE(0xffff, a.member('memory.img').local + LOCAL.extraLength);
  })); // prettier-ignore

  const disagreements: readonly [string, (archive: Archive, local: number) => void][] = [
    ['name', (a, local) => a.bytes.write('dosk', local + 30)],
    ['length of the name', (a, local) => a.bytes.writeUInt16LE(7, local + LOCAL.nameLength)],
    ['method', (a, local) => a.bytes.writeUInt16LE(8, local + LOCAL.method)],
    ['flags', (a, local) => a.bytes.writeUInt16LE(0x800, local + LOCAL.flags)],
    ['CRC-32', (a, local) => a.bytes.writeUInt32LE(0, local + LOCAL.crc32)],
    ['stored size', (a, local) => a.bytes.writeUInt32LE(1, local + LOCAL.storedBytes)],
    ['plain size', (a, local) => a.bytes.writeUInt32LE(1, local + LOCAL.plainBytes)],
  ];
  for (const [what, change] of disagreements) {
    refuses(`headers that disagree about the ${what}`, /two different ways|ZIP64/, changed((a) => {
      change(a, a.member('disk.img').local);
    })); // prettier-ignore
  }
  refuses('a local header that is none', /not where it should be/, changed((a) => a.bytes.writeUInt32LE(0, a.member('disk.img').local))); // prettier-ignore
  refuses('a ZIP64 size without its field', /ZIP64/, changed((a) => a.bytes.writeUInt32LE(0xffff_ffff, a.member('disk.img').central + 20))); // prettier-ignore

  refuses('a deflated disk', /“disk.img” is compressed/, withMember({ name: 'disk.img', data: disk, deflated: true })); // prettier-ignore
  refuses('a deflated memory image', /“memory.img” is compressed/, withMember({ name: 'memory.img', data: memory, deflated: true })); // prettier-ignore
  refuses(
    'an encrypted disk',
    /encrypted/,
    changed((a) => {
      a.setFlags('disk.img', 0x0001);
    }),
  );
  refuses(
    'strong encryption',
    /encrypted/,
    changed((a) => {
      a.setFlags('disk.img', 0x0040);
    }),
  );
  refuses(
    'an encrypted manifest',
    /encrypted/,
    changed((a) => {
      a.setFlags('vmnetx-package.xml', 1);
    }),
  );
  refuses(
    'a data descriptor',
    /behind its data/,
    changed((a) => {
      a.setFlags('disk.img', 0x0008);
    }),
  );
  refuses('a manifest compressed in an odd way', /method 12/, changed((a) => { a.setMethod('vmnetx-package.xml', 12); })); // prettier-ignore
  refuses('a damaged manifest', /damaged/, changed((a) => a.bytes.write('B', a.member('vmnetx-package.xml').data + manifest.indexOf('A machine')))); // prettier-ignore
  refuses('a damaged deflated domain', /cannot be unpacked|damaged/, () => {
    const archive = new Archive(withMember({ name: 'domain.xml', data: domain, deflated: true })());
    archive.bytes.fill(0xff, archive.member('domain.xml').data, archive.member('domain.xml').data + 8); // prettier-ignore
    return archive.bytes;
  });
  refuses('a large manifest', /larger than 65536/, withMember({ name: 'vmnetx-package.xml', data: manifest + ' '.repeat(65_536) })); // prettier-ignore
  refuses('a manifest that unpacks to too much', /larger than 65536/, withMember({ name: 'vmnetx-package.xml', data: manifest + ' '.repeat(1_000_000), deflated: true })); // prettier-ignore
  refuses('a domain that claims 4 GB', /larger than 1048576|beyond|overlaps/, changed((a) => { a.setSizes('domain.xml', 0xffff_fffe); })); // prettier-ignore
  refuses('a domain that unpacks to more than it claims', /cannot be unpacked|damaged/, () => {
    const archive = new Archive(withMember({ name: 'domain.xml', data: domain, deflated: true })());
    const { local, central } = archive.member('domain.xml');
    archive.bytes.writeUInt32LE(1000, local + LOCAL.plainBytes);
    archive.bytes.writeUInt32LE(1000, central + 24);
    return archive.bytes;
  });
  refuses('a manifest that names what is not there', /no member “domain.xml”/, () => pythonZip(usual.filter(({ name }) => name !== 'domain.xml'))); // prettier-ignore
});
