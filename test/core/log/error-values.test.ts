import assert from 'node:assert/strict';
import { fail } from '../../../src/core/errors/index.js';
import { LibvirtError } from '../../../src/core/libvirt/index.js';
import { errorValues } from '../../../src/core/log/index.js';

describe('errorValues', () => {
  it('has the numbers of what libvirt and the system said', () => {
    const system = Object.assign(new Error('open'), { code: 'ENOENT' });
    const libvirt = new LibvirtError(38, 10, 'no QEMU');
    libvirt.cause = system;
    const error = fail('host-machine-not-started', {}, { cause: libvirt, detail: 'no QEMU' });
    const { message } = error;
    assert.deepEqual(errorValues(error), {
      code: 'host-machine-not-started',
      message,
      detail: 'no QEMU',
      cause: 'LibvirtError (code 38, domain 10): no QEMU; Error (code ENOENT): open',
    });
  });

  it('has what is not of the catalogue as our own fault, and ends where causes go round', () => {
    const round = new Error('round');
    round.cause = round;
    const values = errorValues(round);
    assert.equal(values['code'], 'internal-error');
    assert.equal(String(values['cause']).split(';').length, 4);
  });
});
