import assert from 'node:assert/strict';
import { QemuMonitorError } from '../../../src/core/libvirt/index.js';
import { readReply } from '../../../src/core/libvirt/monitor.js';

describe('a reply of the monitor', () => {
  it('is what the command returned', () => {
    assert.deepEqual(readReply('{"return": {"status": "running"}, "id": "libvirt-1"}'), {
      status: 'running',
    });
    assert.deepEqual(readReply('{"return": {}}'), {});
  });

  it('is an error with the class and the words of QEMU', () => {
    assert.throws(
      () => readReply('{"error": {"class": "DeviceNotFound", "desc": "No such device"}}'),
      new QemuMonitorError('DeviceNotFound', 'No such device'),
    );
  });

  it('is an error when it has another form', () => {
    assert.throws(() => readReply('{"error": 5}'), QemuMonitorError);
    assert.throws(() => readReply('{"event": "STOP"}'), QemuMonitorError);
    assert.throws(() => readReply('[]'), QemuMonitorError);
  });
});
