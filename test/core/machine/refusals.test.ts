import assert from 'node:assert/strict';
import { VmnetxError } from '../../../src/core/errors/index.js';
import { parseDomain } from '../../../src/core/machine/index.js';
import { change } from './fixtures.js';
import { XML, type Case } from './refusals/case.js';
import { networks, portsAndDisplays } from './refusals/connections.js';
import { devices } from './refusals/devices.js';
import { disks } from './refusals/disks.js';
import { hostFiles, namespaces } from './refusals/host.js';
import { processorAndMemory } from './refusals/processor.js';
import { places, q35Places } from './refusals/places.js';
import { Q35_XML, q35 } from './refusals/q35.js';
import { words } from './refusals/words.js';

const CASES: Readonly<Record<string, readonly Case[]>> = {
  disks,
  'files and programs of the host': hostFiles,
  namespaces,
  networks,
  'ports and displays': portsAndDisplays,
  'CPUs and memory': processorAndMemory,
  devices,
  places,
  'words and numbers': words,
};

function refusal(xml: string): VmnetxError {
  try {
    parseDomain(xml);
  } catch (error) {
    assert.ok(error instanceof VmnetxError, String(error));
    return error;
  }
  return assert.fail('it was accepted');
}

function expectRefusal(xml: string, path: string): void {
  const error = refusal(xml);
  assert.equal(error.code, 'domain-refused');
  assert.equal(error.status, 65);
  assert.equal(error.retryable, false);
  assert.ok(error.message.includes(` ${path}: `), error.message);
}

describe('parseDomain refuses', () => {
  for (const [group, cases] of Object.entries(CASES)) {
    describe(group, () => {
      for (const [what, from, to, path] of cases) {
        it(`${what.slice(0, 100)} at ${path}`, () => {
          expectRefusal(change(XML, from, to), path);
        });
      }
    });
  }

  describe('ports and buses', () => {
    for (const [what, from, to, path] of [...q35, ...q35Places]) {
      it(`${what} at ${path}`, () => {
        expectRefusal(change(Q35_XML, from, to), path);
      });
    }
  });

  describe('what is not plain XML, with the line', () => {
    const MALFORMED: readonly (readonly [what: string, from: string, to: string, said: RegExp])[] =
      [
        ['CDATA', '>machine<', '><![CDATA[machine]]><', /line 2.*CDATA/],
        ['a document type', '<domain ', '<!DOCTYPE domain [<!ENTITY x "y">]><domain ', /line 1/],
        ['an entity', '>machine<', '>&machine;<', /line 2/],
        ['a processing instruction', '<name>', '<?php x?><name>', /line 2/],
        ['a duplicated attribute', 'bus="ide"', 'bus="ide" bus="ide"', /line 31.*twice/],
        ['an undeclared prefix', '<name>', '<x:name>', /line 2|x/],
        ['a second root', '</domain>', '</domain><domain/>', /line/],
        ['another root', '<domain type="kvm">', '<domains><domain type="kvm">', /closed|closes/],
      ];
    for (const [what, from, to, said] of MALFORMED) {
      it(what, () => {
        const error = refusal(change(XML, from, to));
        assert.equal(error.code, 'domain-malformed');
        assert.equal(error.status, 65);
        assert.match(error.message, said);
      });
    }

    it('a document of another kind, of a megabyte, or nested too deeply', () => {
      for (const xml of ['<image/>', '', 'x', `${XML}<!--${'x'.repeat(1_000_000)}-->`]) {
        assert.equal(refusal(xml).code, 'domain-malformed');
      }
      const deep = `<domain>${'<x>'.repeat(100_000 / 4)}`;
      assert.equal(refusal(deep).code, 'domain-malformed');
    });
  });

  it('shows a value only in part, and nothing of it that cannot be seen', () => {
    const { message } = refusal(change(XML, '"i686"', `"\u202e${'x'.repeat(5000)}"`));
    assert.ok(message.length < 300, message);
    assert.ok(!message.includes('\u202e'));
  });
});
