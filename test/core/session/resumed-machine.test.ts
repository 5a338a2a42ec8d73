import assert from 'node:assert/strict';
import { generateDomain, parseDomain, type Machine } from '../../../src/core/machine/index.js';
import { resumedMachine } from '../../../src/core/session/resumed-machine.js';
import { change, PLACEMENT, readPackageXml } from '../machine/fixtures.js';

function machineWith(format: 'raw' | 'qcow2'): Machine {
  const xml = readPackageXml('windows-311');
  return parseDomain(
    xml.replace(/<driver name="qemu" type="\w+"/, `<driver name="qemu" type="${format}"`),
  );
}

describe('a machine that goes on from saved memory', () => {
  it('has a disk of the format that its package says, whatever its memory says', () => {
    for (const [packaged, saved] of [
      ['raw', 'qcow2'],
      ['qcow2', 'raw'],
    ] as const) {
      const machine = resumedMachine(machineWith(packaged), machineWith(saved));
      assert.equal(machine.disk.format, packaged);
      assert.match(generateDomain(machine, PLACEMENT), new RegExp(`type="${packaged}"`));
    }
  });

  it('has the devices and addresses with which it was saved, and the limit of its package', () => {
    const packaged = machineWith('qcow2');
    const saved = parseDomain(
      change(readPackageXml('windows-311'), 'limit_mouse_rate hz="50"', 'limit_mouse_rate hz="7"'),
    );
    const machine = resumedMachine(packaged, { ...saved, inputs: [] });
    assert.equal(machine.mouseRateHz, 50);
    assert.deepEqual(machine.inputs, []);
  });
});
