import assert from 'node:assert/strict';
import { formatManifest, openPackage } from '../../../src/core/package/index.js';
import { pythonZip } from '../../support/foreign-zip.js';
import { MemorySource } from '../../support/memory-source.js';

const NAMESPACE = 'http://olivearchive.org/xmlns/vmnetx/package';
const domain = '<domain path="domain.xml"/>';
const disk = '<disk path="disk.img"/>';
const memory = '<memory path="memory.img"/>';

function manifest(content: string, attributes = 'name="A"', namespace = NAMESPACE): string {
  return `<image xmlns="${namespace}" ${attributes}>${content}</image>`;
}

async function open(text: string) {
  const bytes = pythonZip([
    { name: 'vmnetx-package.xml', data: text },
    { name: 'domain.xml', data: '<domain/>' },
    { name: 'memory.img', data: 'memory' },
    { name: 'disk.img', data: 'disk' },
  ]);
  return await openPackage(new MemorySource(bytes), new AbortController().signal);
}

describe('the manifest of a package', () => {
  it('names the members, in any order', async () => {
    const opened = await open(manifest(memory + disk + domain));
    assert.deepEqual([opened.disk.name, opened.memory?.name], ['disk.img', 'memory.img']);
  });

  it('is read as it is written', async () => {
    const name = 'Größe <b>"1" & ’2’</b>';
    const text = formatManifest({ name, domain: 'domain.xml', disk: 'disk.img', memory: null });
    const opened = await open(text);
    assert.equal(opened.name, name);
    assert.equal(opened.memory, null);
  });

  it('has a name that is made fit to be shown', async () => {
    const nameOf = async (value: string) => (await open(manifest(domain + disk, `name="${value}"`))).name; // prettier-ignore
    assert.equal(await nameOf('  a &lt;i>b&lt;/i>  '), 'a <i>b</i>');
    assert.equal(await nameOf('a&#10;b\u202ec'), 'a\ufffdb\ufffdc');
    assert.equal((await nameOf('x'.repeat(10_000))).length, 200);
  });

  const refusals: readonly [string, RegExp, string][] = [
    ['text', /line 1/, 'hello'],
    ['a document type', /document type/, `<!DOCTYPE image>${manifest(domain + disk)}`],
    ['another root', /unknown kind/, `<images xmlns="${NAMESPACE}" name="A">${domain}${disk}</images>`], // prettier-ignore
    ['another namespace', /unknown kind/, manifest(domain + disk, 'name="A"', 'urn:a')],
    ['no name', /“name”/, manifest(domain + disk, '')],
    ['an empty name', /no name/, manifest(domain + disk, 'name="  "')],
    ['no domain', /no domain/, manifest(disk)],
    ['no disk', /no disk/, manifest(domain)],
    ['two disks', /\/image\/disk\[2\] is one too many/, manifest(domain + disk + disk)],
    ['two memories', /memory\[2\]/, manifest(domain + disk + memory + memory)],
    ['an unknown element', /\/image\/script is not allowed/, manifest(`${domain}${disk}<script path="a"/>`)], // prettier-ignore
    ['an element of another namespace', /not allowed/, manifest(`${domain}<disk xmlns="urn:a" path="disk.img"/>`)], // prettier-ignore
    ['an unknown attribute', /\/image has the attribute “version”/, manifest(domain + disk, 'name="A" version="2"')], // prettier-ignore
    ['an unknown attribute of the disk', /attribute “url”/, manifest(`${domain}<disk path="disk.img" url="b"/>`)], // prettier-ignore
    ['a disk without path', /“path”/, manifest(`${domain}<disk/>`)],
    ['an element in the disk', /\/image\/disk\/a/, manifest(`${domain}<disk path="disk.img"><a/></disk>`)], // prettier-ignore
    ['text', /contains text/, manifest(`${domain}${disk} hello`)],
    ['a disk that is not there', /no member “b”/, manifest(`${domain}<disk path="b"/>`)],
    ['a disk that is the domain', /twice/, manifest(`${domain}<disk path="domain.xml"/>`)],
    ['a disk that is the manifest', /twice/, manifest(`${domain}<disk path="vmnetx-package.xml"/>`)], // prettier-ignore
  ];
  for (const [what, message, text] of refusals) {
    it(`is refused with ${what}`, async () => {
      await assert.rejects(open(text), { code: 'package-malformed', message });
    });
  }
});
