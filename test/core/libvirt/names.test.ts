import assert from 'node:assert/strict';
import {
  closeReason,
  cpuComparison,
  domainState,
  ioErrorAction,
  lifecycle,
} from '../../../src/core/libvirt/names.js';

describe('names in place of numbers', () => {
  it('follow the enumerations of libvirt to their ends', () => {
    assert.deepEqual(domainState(1, 11), { state: 'running', reason: 'postcopy-failed' });
    assert.deepEqual(domainState(3, 13), { state: 'paused', reason: 'postcopy-failed' });
    assert.deepEqual(domainState(4, 1), { state: 'shutdown', reason: 'user' });
    assert.deepEqual(domainState(5, 8), { state: 'shutoff', reason: 'daemon' });
    assert.deepEqual(domainState(6, 1), { state: 'crashed', reason: 'panicked' });
    assert.deepEqual(domainState(7, 0), { state: 'suspended-by-guest', reason: 'unknown' });
    assert.deepEqual(lifecycle(0, 3), { event: 'defined', detail: 'from-snapshot' });
    assert.deepEqual(lifecycle(1, 1), { event: 'undefined', detail: 'renamed' });
    assert.deepEqual(lifecycle(2, 4), { event: 'started', detail: 'wakeup' });
    assert.deepEqual(lifecycle(3, 8), { event: 'suspended', detail: 'postcopy-failed' });
    assert.deepEqual(lifecycle(4, 4), { event: 'resumed', detail: 'postcopy-failed' });
    assert.deepEqual(lifecycle(5, 6), { event: 'stopped', detail: 'from-snapshot' });
    assert.deepEqual(lifecycle(6, 2), { event: 'shutdown', detail: 'host' });
    assert.deepEqual(lifecycle(7, 1), { event: 'suspended-by-guest', detail: 'disk' });
    assert.deepEqual(lifecycle(8, 1), { event: 'crashed', detail: 'crashloaded' });
    assert.equal(ioErrorAction(2), 'reported');
    assert.equal(closeReason(2), 'keep-alive');
    assert.equal(cpuComparison(2), 'superset');
  });

  it('call what a newer libvirt adds “unknown”', () => {
    assert.deepEqual(domainState(8, 1), { state: 'unknown', reason: 'unknown' });
    assert.deepEqual(domainState(1, 99), { state: 'running', reason: 'unknown' });
    assert.deepEqual(lifecycle(9, 0), { event: 'unknown', detail: 'unknown' });
    assert.deepEqual(lifecycle(5, 99), { event: 'stopped', detail: 'unknown' });
    assert.equal(ioErrorAction(-1), 'unknown');
  });
});
