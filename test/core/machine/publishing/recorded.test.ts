import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDomain } from '../../../../src/core/machine/index.js';
import { checkout } from '../../../support/checkout.js';
import { expectGolden } from '../fixtures.js';
import { adapt } from './adapted.js';
import { publish } from './publish.js';

const folder = join(checkout, 'test/golden/publishing');

const RECORDED = [
  'debian-11.virt-install',
  'debian-11-server.defined',
  'windows-10.virt-install',
  'windows-2000.defined',
  'windows-xp.virt-install',
] as const;

describe('a recorded machine of virt-install and libvirt', () => {
  for (const name of RECORDED) {
    const xml = readFileSync(join(folder, `${name}.xml`), 'utf8');

    it(`keeps what its guest sees, and nothing of the publisher’s computer: ${name}`, () => {
      const adapted = adapt(xml);
      const changes = adapted.changes.map((change) => `<!-- ${change} -->\n`).join('');
      expectGolden(`../publishing/${name}.adapted.xml`, changes + adapted.xml);
      assert.deepEqual(adapt(adapted.xml).changes, []);
    });

    it(`goes through both readers, and is valid for libvirt: ${name}`, () => {
      const { domainXml } = publish(xml);
      const golden = `${name}.strict.xml`;
      expectGolden(`../publishing/${golden}`, domainXml);
      assert.equal(publish(domainXml).domainXml, domainXml);
      assert.equal(parseDomain(domainXml).serialPorts.length, 1);
      execFileSync('virt-xml-validate', [join(folder, golden), 'domain'], { stdio: 'pipe' });
    });
  }
});
