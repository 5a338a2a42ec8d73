import assert from 'node:assert/strict';
import { adapt, canonical } from './adapted.js';
import { CHANGES, REFUSALS } from './cases/index.js';

describe('a machine as its publisher has it', () => {
  for (const [title, before, after, changes] of CHANGES) {
    it(title, () => {
      const expected = canonical(after);
      assert.deepEqual(adapt(before), { xml: expected, changes });
      assert.deepEqual(adapt(after), { xml: expected, changes: [] }, 'once more');
    });
  }

  for (const [what, xml, path, reason] of REFUSALS) {
    it(`is refused because of ${what}`, () => {
      assert.throws(() => adapt(xml), {
        code: 'domain-refused',
        status: 65,
        message: `The machine is not accepted because of ${path}: ${reason}.`,
      });
    });
  }
});
