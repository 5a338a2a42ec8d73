import assert from 'node:assert/strict';
import { buildGuest } from '../../scripts/guest.js';
import {
  firmwareBlockPoints,
  firmwareHeight,
  firmwarePoints,
  firmwareWidth,
} from '../support/firmware-pattern.js';
import { comparePoints } from '../support/picture.js';
import { until } from '../support/wait.js';
import { SessionDomain } from './support/session-domain.js';
import { virsh } from './support/virsh.js';

const asIs = { x: 0, y: 0, scale: 1 };
/** Scan code of the key A. */
const SCAN_CODE_A = 0x1e;

describe('The firmware guest', function () {
  this.timeout(60_000);
  let domain: SessionDomain | undefined;

  afterEach(async () => {
    await domain?.dispose();
    domain = undefined;
  });

  it('shows its bars, answers to a key, resets, and powers off at the power button', async () => {
    const guest = await SessionDomain.start(await buildGuest('firmware'));
    domain = guest;
    await guest.serial.waitFor(/^FIRMWARE-READY$/m, 20_000);
    const picture = await guest.screenshot();
    assert.deepEqual([picture.width, picture.height], [firmwareWidth, firmwareHeight]);
    const total = firmwarePoints.length;
    assert.deepEqual(comparePoints(picture, asIs, firmwarePoints), { matching: total, total });

    await virsh('send-key', guest.name, 'KEY_A');
    await guest.serial.waitFor(/^KEY 1e$/m, 5_000);
    const block = firmwareBlockPoints(SCAN_CODE_A);
    await until(
      'the block has the key’s colour',
      async () => {
        return comparePoints(await guest.screenshot(), asIs, block).matching === block.length;
      },
      5_000,
    );

    await virsh('send-key', guest.name, 'KEY_R');
    await guest.serial.waitFor(/(^FIRMWARE-READY$[^]*){2}/m, 20_000);
    await virsh('shutdown', guest.name);
    await until('the guest is off', async () => !(await guest.isRunning()), 10_000);
  });
});
