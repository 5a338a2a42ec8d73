import assert from 'node:assert/strict';
import { endPrograms } from './support/program.js';
import { runGuestOverFaults } from './support/guest-over-faults.js';

const SEED = 20_261_121;
const WORK_MILLISECONDS = 20_000;

describe('a guest over a server that fails one request in ten', function () {
  this.timeout(240_000);

  afterEach(endPrograms);

  it(`writes, reads and finds every byte right, and has no error in its log (seed ${SEED})`, async () => {
    const outcome = await runGuestOverFaults(SEED, WORK_MILLISECONDS);
    assert.ok(outcome.filesWritten >= 1 && outcome.bytesVerified > 0);
    assert.ok(outcome.failed >= outcome.requests / 30, `${outcome.failed} of ${outcome.requests}`);
  });
});
