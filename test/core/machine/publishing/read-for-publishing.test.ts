import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { VmnetxError } from '../../../../src/core/errors/index.js';
import { parseDomain } from '../../../../src/core/machine/index.js';
import { checkout } from '../../../support/checkout.js';
import { change, expectGolden, PACKAGES, readPackageXml } from '../fixtures.js';
import { publish } from './publish.js';

describe('readDomainForPublishing', () => {
  const xp = readPackageXml('xp-2012');

  it('writes the strict form of a machine under its own name and with its own file', () => {
    const own = change(
      change(xp, '>machine<', '>Windows XP, "SP3"<'),
      '"/disk.img"',
      '"/srv/x p,1.qcow2"',
    );
    const { domainXml, diskPath, diskFormat, changes } = publish(Buffer.from(own));
    assert.equal(diskPath, '/srv/x p,1.qcow2');
    assert.equal(diskFormat, 'qcow2');
    assert.deepEqual(changes, [
      'The emulator is left out: /domain/devices/emulator.',
      'The name “Windows XP, "SP3"” becomes “machine”.',
      'The disk’s file /srv/x p,1.qcow2 becomes /disk.img.',
    ]);
    assert.doesNotMatch(domainXml, /Windows|srv|kvm<|emulator/);
    assert.deepEqual(parseDomain(domainXml), parseDomain(xp));
    expectGolden('xp-2012.strict.xml', domainXml);
  });

  for (const name of PACKAGES) {
    it(`loses nothing of a machine and changes nothing twice: ${name}`, () => {
      const once = publish(readPackageXml(name));
      const machine = parseDomain(readPackageXml(name));
      assert.deepEqual(parseDomain(once.domainXml), {
        ...machine,
        clockOffset: 'localtime',
        disk: { ...machine.disk, format: 'qcow2' },
      });
      const twice = publish(once.domainXml);
      assert.equal(twice.domainXml, once.domainXml);
      assert.deepEqual(twice.changes, []);
    });
  }

  it('says that the clock will show local time, and that the disk becomes qcow2', () => {
    assert.deepEqual(publish(readPackageXml('minimal')).changes, [
      'The disk’s format “raw” becomes “qcow2”.',
      'The clock’s offset “utc” becomes “localtime”.',
    ]);
  });

  for (const guest of ['demo/demo.xml', 'firmware/firmware.xml']) {
    it(`takes the test guest ${guest}`, () => {
      const xml = readFileSync(join(checkout, 'guest', guest), 'utf8');
      const { domainXml, diskPath } = publish(xml.replace('@DISK@', '/tmp/x/disk'));
      assert.equal(diskPath, '/tmp/x/disk');
      parseDomain(domainXml);
    });
  }

  it('refuses a disk that is not a file with an absolute path, and a machine without a name', () => {
    const cases = [
      [change(xp, '"/disk.img"', '"disk.img"'), '/domain/devices/disk/source/@file'],
      [change(xp, '"/disk.img"', '"json:{}"'), '/domain/devices/disk/source/@file'],
      [change(xp, '"/disk.img"', '"/a&#10;b"'), '/domain/devices/disk/source/@file'],
      [change(xp, '"/disk.img"', `"/${'x'.repeat(4095)}"`), '/domain/devices/disk/source/@file'],
      [change(xp, '>machine<', '><'), '/domain/name'],
      [change(xp, '>machine<', `>${'x'.repeat(256)}<`), '/domain/name'],
    ] as const;
    for (const [xml, path] of cases) {
      assert.throws(
        () => publish(xml),
        (error) => error instanceof VmnetxError && error.message.includes(` ${path}: `),
      );
    }
  });
});
