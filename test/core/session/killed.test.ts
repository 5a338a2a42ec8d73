import assert from 'node:assert/strict';
import { killSessions, PLACES } from './support/kill-campaign.js';

/** More of them by `npm run kills`. */
const RUNS = PLACES.length + 4;
const SEED = Number(process.env['VMNETX_TEST_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

describe('a session of which a part is killed', function () {
  this.timeout(240_000);

  it(`is cleared by the next start, wherever it was, and no other is hurt (seed ${SEED})`, async () => {
    const counts = await killSessions(SEED, RUNS);
    for (const place of PLACES) assert.ok((counts.get(place) ?? 0) > 0, place);
  });
});
