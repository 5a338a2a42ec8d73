import assert from 'node:assert/strict';
import { parseDomain } from '../../../src/core/machine/index.js';
import { pointerOf } from '../../../src/core/session/guest-pointer.js';
import { readPackageXml } from '../machine/fixtures.js';

describe('the pointer of a guest', () => {
  const xml = readPackageXml('everything');

  it('moves as often as the package says', () => {
    const [, hz] = /limit_mouse_rate hz="(\d+)"/.exec(xml) ?? [];
    assert.equal(pointerOf(parseDomain(xml)).mostMotions, Number(hz));
    assert.equal(pointerOf(parseDomain(readPackageXml('minimal'))).mostMotions, null);
  });

  it('is absolute with a tablet', () => {
    const machine = parseDomain(xml);
    assert.equal(pointerOf(machine).isAbsolute, true);
    const inputs = machine.inputs.filter(({ type }) => type !== 'tablet');
    assert.equal(pointerOf({ ...machine, inputs }).isAbsolute, false);
  });
});
