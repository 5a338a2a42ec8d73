import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import assert from 'node:assert/strict';
import type { Placement } from '../../../src/core/machine/index.js';
import { checkout } from '../../support/checkout.js';

const folder = join(checkout, 'test/golden/machine');

/** Machines in the strict form, as packages hold them. */
export const PACKAGES = [
  'minimal',
  'xp-2012',
  'windows-311',
  'everything',
  'fedora-2014',
  'q35-2015',
  'server-2016',
  'q35-virtio',
] as const;

export function readPackageXml(name: (typeof PACKAGES)[number]): string {
  return readFileSync(join(folder, `${name}.package.xml`), 'utf8');
}

/** Compares with a golden file; with UPDATE_GOLDEN=1 writes it instead. */
export function expectGolden(file: string, text: string): void {
  const path = join(folder, file);
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(path, text);
  assert.equal(text, readFileSync(path, 'utf8'), `${file} (UPDATE_GOLDEN=1 writes it anew)`);
}

/** The same for every golden file. */
export const PLACEMENT: Placement = {
  id: '0123abcd',
  title: 'A machine & its “name”',
  uuid: '11111111-2222-4333-8444-555555555555',
  accelerator: 'kvm',
  emulator: null,
  diskPath: '/run/user/1000/vmnetx/0123abcd/mount/disk',
  displaySocket: '/run/user/1000/vmnetx/0123abcd/display',
  consoleSocket: null,
  network: 'full',
};

/**
 * Changes one place of a text.
 *
 * @throws when the place is not there, or not the only one: the test would test nothing
 */
export function change(text: string, from: string, to: string): string {
  assert.equal(text.split(from).length, 2, `“${from}” must stand there once`);
  return text.replace(from, () => to);
}
