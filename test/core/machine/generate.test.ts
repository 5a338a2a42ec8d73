import assert from 'node:assert/strict';
import { generateDomain, parseDomain, type Placement } from '../../../src/core/machine/index.js';
import { change, expectGolden, PACKAGES, PLACEMENT, readPackageXml } from './fixtures.js';

describe('generateDomain', () => {
  function generate(xml: string, placement: Partial<Placement> = {}): string {
    return generateDomain(parseDomain(xml), { ...PLACEMENT, ...placement });
  }

  for (const name of PACKAGES) {
    it(`writes what its golden file says for ${name}`, () => {
      const xml = readPackageXml(name);
      expectGolden(`${name}.kvm.xml`, generate(xml));
      expectGolden(
        `${name}.tcg-restricted.xml`,
        generate(xml, {
          accelerator: 'tcg',
          emulator: '/usr/libexec/vmnetx/confine',
          variables: { VMNETX_SESSION: '/run/user/1000/vmnetx/0123abcd' },
          resumes: false,
          labelled: false,
          consoleSocket: '/run/user/1000/vmnetx/0123abcd/console',
          network: 'restricted',
        }),
      );
    });
  }

  it('makes a title that libvirt takes of any name', () => {
    const xml = readPackageXml('minimal');
    assert.match(generate(xml, { title: 'a\nb\u202e' }), /<title>a\ufffdb\ufffd<\/title>/);
    assert.doesNotMatch(generate(xml, { title: ' ' }), /<title/);
    const [, title = ''] =
      /<title>(.*)<\/title>/.exec(generate(xml, { title: 'x'.repeat(9999) })) ?? [];
    assert.equal(title.length, 200);
  });

  it('never uses anything of a package that is not a typed value', () => {
    // Places whose text is a typed value itself: a name that libvirt looks up in its tables, or a
    // serial number that the guest sees.
    const passing = new Set<string>();
    for (const name of ['everything', 'q35-virtio'] as const) {
      const xml = readPackageXml(name);
      const slots = [...xml.matchAll(/(?<=[\w:]+=")[^"]*(?=")|(?<=>)[^<>]*[^<>\s][^<>]*(?=<)/g)];
      assert.ok(slots.length > 200, `${slots.length} slots`);
      for (const slot of slots) {
        for (const marker of [
          'MARKER',
          '/MARKER/kvm',
          '/MARKER',
          'MARKER,x=1',
          '&quot;MARKER',
          'MARKER/a',
        ]) {
          const end = slot.index + slot[0].length;
          const planted = `${xml.slice(0, slot.index)}${marker}${xml.slice(end)}`;
          const executed = generateOrRefuse(planted);
          if (executed?.includes('MARKER'))
            passing.add(`${marker} in ${around(xml, slot.index, end)}`);
        }
      }
    }
    assert.deepEqual([...passing].sort(), [
      'MARKER in <model fallback="allow">',
      'MARKER in <serial>',
      'MARKER in name=',
    ]);
  });

  it('never uses an attribute, an element, a comment or text that is not expected', () => {
    const xml = readPackageXml('everything');
    const tags = [...xml.matchAll(/<[A-Za-z][\w:]*/g)];
    assert.ok(tags.length > 100, `${tags.length} tags`);
    for (const tag of tags) {
      const before = xml.slice(0, tag.index);
      const after = xml.slice(tag.index + tag[0].length);
      for (const planted of [
        `${before}${tag[0]} MARKER="MARKER"${after}`,
        `${before}<MARKER/>${tag[0]}${after}`,
        `${before}MARKER${tag[0]}${after}`,
      ]) {
        assert.equal(generateOrRefuse(planted), null, planted.slice(tag.index, tag.index + 60));
      }
      const commented = generateOrRefuse(`${before}<!--MARKER-->${tag[0]}${after}`);
      assert.equal(commented, generate(xml));
    }
  });

  it('asks for a network without ways out only where one is wanted', () => {
    const xml = readPackageXml('xp-2012');
    assert.doesNotMatch(generate(xml, { resumes: false }), /qemu:|restrict/);
    assert.match(generate(xml, { network: 'restricted' }), /user,id=vmnetx-net0,restrict=on/);
    const without = change(
      xml,
      xml.slice(xml.indexOf('<interface'), xml.indexOf('</interface>') + '</interface>'.length),
      '',
    );
    const restricted = { network: 'restricted', resumes: false } as const;
    assert.doesNotMatch(generate(without, restricted), /qemu:|<interface/);
  });

  it('has QEMU wait for the state of a guest that comes back from it, and of no other', () => {
    const xml = readPackageXml('xp-2012');
    assert.match(generate(xml), /<qemu:arg value="-incoming"\/>\s*<qemu:arg value="defer"\/>/);
    assert.doesNotMatch(generate(xml, { resumes: false }), /incoming/);
  });

  it('tells a guest that starts anew that it is a copy, where the machine can have that device', () => {
    const xml = readPackageXml('xp-2012');
    const starts = { resumes: false };
    assert.match(generate(xml, starts), /<genid\/>/);
    assert.doesNotMatch(generate(xml), /<genid/);
    assert.doesNotMatch(generate(xml.replace('<acpi/>', ''), starts), /<genid/);
    const typed = (type: string) => xml.replace(/machine="[^"]*"/, `machine="${type}"`);
    assert.doesNotMatch(generate(typed('pc-i440fx-2.4'), starts), /<genid/);
    assert.match(generate(typed('pc-i440fx-2.10'), starts), /<genid/);
  });

  it('keeps the MAC of a guest only where its saved memory knows it', () => {
    const xml = readPackageXml('xp-2012');
    assert.match(generate(xml), /52:54:00:9d:03:2f/);
    assert.doesNotMatch(generate(xml, { resumes: false }), /<mac/);
  });

  function generateOrRefuse(xml: string): string | null {
    try {
      return generate(xml);
    } catch (error) {
      assert.match(String(error), /VmnetxError/);
      return null;
    }
  }

  function around(xml: string, start: number, end: number): string {
    return xml[end] === '"'
      ? (/[\w:]+=(?="$)/.exec(xml.slice(0, start))?.[0] ?? '')
      : (/<[^<>]*>$/.exec(xml.slice(0, start))?.[0] ?? '');
  }
});
