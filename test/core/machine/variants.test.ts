import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VmnetxError } from '../../../src/core/errors/index.js';
import { generateDomain, parseDomain } from '../../../src/core/machine/index.js';
import { PACKAGES, PLACEMENT, readPackageXml } from './fixtures.js';

const SCHEMA = '/usr/share/libvirt/schemas/domain.rng';
const EDGES = ['0', '1', '31', '255'];

/** An attribute's name or an element's start, and the value that follows it. */
const SLOT = /([\w:]+=")([^"]*)(?=")|(<[\w:]+[^<>]*>)([^<>]*[^<>\s][^<>]*)(?=<)/g;

interface Slot {
  readonly key: string;
  readonly value: string;
  readonly start: number;
}

function slotsOf(xml: string): readonly Slot[] {
  return [...xml.matchAll(SLOT)].map((match) => {
    const key = match[1] ?? match[3] ?? '';
    const value = match[2] ?? match[4] ?? '';
    return { key, value, start: match.index + key.length };
  });
}

/** Every accepted machine that differs from a package's in one value, as it is executed. */
function variants(): ReadonlySet<string> {
  const known = new Map<string, Set<string>>();
  for (const { key, value } of PACKAGES.flatMap((name) => slotsOf(readPackageXml(name)))) {
    known.set(key, (known.get(key) ?? new Set(EDGES)).add(value));
  }
  const executed = new Set<string>();
  for (const name of ['everything', 'q35-virtio'] as const) {
    const xml = readPackageXml(name);
    const met = new Set<string>();
    for (const { key, value, start } of slotsOf(xml)) {
      // One place for each word is enough; numbers matter everywhere.
      const others = met.has(key) ? EDGES : (known.get(key) ?? []);
      met.add(key);
      for (const other of others) {
        const varied = xml.slice(0, start) + other + xml.slice(start + value.length);
        try {
          executed.add(generateDomain(parseDomain(varied), PLACEMENT));
        } catch (error) {
          assert.ok(error instanceof VmnetxError, String(error));
        }
      }
    }
  }
  return executed;
}

describe('a machine with one value of another', function () {
  this.timeout(120_000);

  it('is refused, or executed in a form that is valid by libvirt’s schema', () => {
    const executed = [...variants()];
    assert.ok(executed.length > 200, `${executed.length} are accepted`);
    const folder = mkdtempSync(join(tmpdir(), 'variants-'));
    try {
      const files = executed.map((xml, index) => {
        const file = join(folder, `${index}.xml`);
        writeFileSync(file, xml);
        return file;
      });
      execFileSync('xmllint', ['--noout', '--relaxng', SCHEMA, ...files], { stdio: 'pipe' });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
