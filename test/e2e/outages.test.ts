import assert from 'node:assert/strict';
import { Outages } from './support/outages.js';
import { assertLogIsClean } from './support/verifying-guest.js';

const SEED = 20_261_121;
/** More of them, and longer ones, by `npm run outages`. */
const OUTAGE_MILLISECONDS = 10_000;
const FLAPS = 5;

describe('machines with a disk on IDE, SATA and virtio whose network goes away', function () {
  this.timeout(400_000);
  let prepared: Outages | undefined;
  let outages: Outages;

  before(async () => {
    prepared = await Outages.prepare(SEED);
    outages = prepared;
  });

  after(async () => {
    await prepared?.[Symbol.asyncDispose]();
  });

  it(`are paused and say so, and go on by themselves, with every byte right (seed ${SEED})`, async () => {
    assert.ok((await outages.endure(OUTAGE_MILLISECONDS, 'gone')) > 0);
  });

  it('go on, too, when it comes and goes every second', async () => {
    assert.ok((await outages.flap(FLAPS)) > 0);
  });

  it('would be caught with an error in the guest’s log', async () => {
    const [{ shell } = assert.fail()] = outages.machines;
    await shell.run('echo "<3>I/O error, dev sda, sector 2048" >/dev/kmsg');
    await assert.rejects(assertLogIsClean(shell), assert.AssertionError);
    await shell.run('dmesg -c >/dev/null');
  });

  it('can be left while they wait, and leave nothing', async () => {
    await outages.quit();
  });
});
