import assert from 'node:assert/strict';
import { parseDomain, reduceMachine } from '../../../src/core/machine/index.js';
import { readPackageXml } from './fixtures.js';

const MIB = 2 ** 20;

describe('reduceMachine', () => {
  const machine = parseDomain(readPackageXml('everything'));
  const { memoryBytes, vcpus } = machine;

  it('leaves a machine alone that wants no more than there is', () => {
    assert.equal(reduceMachine(machine, { memoryBytes, processors: vcpus }), machine);
  });

  it('takes memory, and the NUMA cells that would not add up any more', () => {
    const reduced = reduceMachine(machine, { memoryBytes: 100 * MIB, processors: 64 });
    assert.deepEqual(reduced, {
      ...machine,
      memoryBytes: 100 * MIB,
      currentMemoryBytes: 100 * MIB,
      cpu: { ...machine.cpu, numaCells: [] },
    });
  });

  it('gives no more memory at the start than the machine wanted there', () => {
    const reduced = reduceMachine(machine, { memoryBytes: 900 * MIB, processors: 64 });
    assert.equal(machine.currentMemoryBytes, 512 * MIB);
    assert.equal(reduced.currentMemoryBytes, 512 * MIB);
  });

  it('takes processors, with a topology that adds up', () => {
    const reduced = reduceMachine(machine, { memoryBytes, processors: 3 });
    assert.equal(reduced.vcpus, 3);
    assert.equal(reduced.memoryBytes, memoryBytes);
    assert.deepEqual(reduced.cpu, {
      ...machine.cpu,
      topology: { sockets: 1, cores: 3, threads: 1 },
      numaCells: [],
    });
    const plain = reduceMachine({ ...machine, cpu: null }, { memoryBytes, processors: 1 });
    assert.deepEqual([plain.vcpus, plain.cpu], [1, null]);
  });
});
