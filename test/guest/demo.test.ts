import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { buildGuest } from '../../scripts/guest.js';
import { guestData } from '../support/guest-data.js';
import { comparePoints, type SamplePoint } from '../support/picture.js';
import {
  cardHeight,
  cardWidth,
  clickPad,
  comparePattern,
  keyPoints,
  markerPoints,
  samplePoints,
} from '../support/test-pattern.js';
import { until } from '../support/wait.js';
import { SessionDomain } from './support/session-domain.js';
import { virsh } from './support/virsh.js';

const asIs = { x: 0, y: 0, scale: 1 };
/** Code of the key A in linux/input-event-codes.h. */
const CODE_A = 30;
const MEBIBYTE = 1024 * 1024;

describe('The demo guest', function () {
  this.timeout(180_000);
  let started: SessionDomain | undefined;
  let domain: SessionDomain;

  before(async () => {
    started = await SessionDomain.start(await buildGuest('demo', { dataMebibytes: 8 }));
    domain = started;
    await domain.serial.waitFor(/^GUEST-READY uptime=[\d.]+$/m, 90_000);
  });

  after(async () => {
    await started?.dispose();
  });

  async function shows(points: readonly SamplePoint[]): Promise<boolean> {
    return comparePoints(await domain.screenshot(), asIs, points).matching === points.length;
  }

  it('shows every point of its test card', async () => {
    assert.match(domain.serial.text, /^FB 800x600-32 .+ READY$/m);
    const picture = await domain.screenshot();
    assert.deepEqual([picture.width, picture.height], [cardWidth, cardHeight]);
    const total = samplePoints.length;
    assert.deepEqual(comparePattern(picture, asIs), { matching: total, total });
  });

  it('paints the key region in the colour of a key', async () => {
    await virsh('send-key', domain.name, 'KEY_A');
    await domain.serial.waitFor(/^KEY 30 1\nKEY 30 0$/m, 5_000);
    await until('the key region has its colour', () => shows(keyPoints(CODE_A)), 5_000);
  });

  it('marks a click exactly where it was', async () => {
    const [x, y] = [clickPad.x + 123, clickPad.y + 45];
    await domain.click(x, y, { width: cardWidth, height: cardHeight });
    await domain.serial.waitFor(new RegExp(`^CLICK ${x} ${y} left$`, 'm'), 5_000);
    await until('the marker is there', () => shows(markerPoints(x, y, 'left')), 5_000);
  });

  it('writes to its disk and reads it back', async () => {
    const { serial } = domain;
    await serial.run('dd if=/dev/urandom of=/disk/file bs=64k count=16');
    const written = await serial.run('sha256sum </disk/file');
    await serial.run('sync; echo 3 >/proc/sys/vm/drop_caches');
    assert.equal(await serial.run('sha256sum </disk/file'), written);
  });

  it('has the data on its disk that a test expects there', async () => {
    const sum = await domain.serial.run('dd if=/dev/data bs=1M skip=5 count=2 | sha256sum');
    const expected = createHash('sha256').update(guestData(5 * MEBIBYTE, 2 * MEBIBYTE));
    assert.ok(sum.includes(expected.digest('hex')), sum);
  });

  it('gets its address from the network', async () => {
    await domain.serial.waitFor(/^NET 10\.0\.2\.\d+$/m, 20_000);
  });

  it('powers off at the power button', async () => {
    await virsh('shutdown', domain.name);
    await until('the guest is off', async () => !(await domain.isRunning()), 15_000);
    assert.match(domain.serial.text, /^POWER-BUTTON$/m);
  });
});
