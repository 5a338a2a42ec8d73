import assert from 'node:assert/strict';
import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { VmnetxError } from '../../../src/core/errors/index.js';
import { openConnection, type Connection } from '../../../src/core/libvirt/index.js';
import { generateDomain, parseDomain, type Machine } from '../../../src/core/machine/index.js';
import { PrivateLibvirt } from '../../support/private-libvirt.js';
import { seeded } from '../../support/random.js';
import { PLACEMENT } from './fixtures.js';
import { randomMachine } from './random-machine.js';

/** VMNETX_TEST_MACHINES=1000 looks longer, VMNETX_TEST_SEED=N at the same ones again. */
const COUNT = Number(process.env['VMNETX_TEST_MACHINES'] ?? 20);
const SEED = Number(process.env['VMNETX_TEST_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const MILLISECONDS_EACH = 10_000;

describe(`random machines (seed ${SEED})`, function () {
  this.timeout(60_000 + COUNT * MILLISECONDS_EACH);
  let libvirt: PrivateLibvirt;
  let connection: Connection;
  let diskPath: string;

  before(async () => {
    libvirt = await PrivateLibvirt.start();
    connection = await openConnection({ uri: libvirt.uri });
    diskPath = join(libvirt.folder, 'disk');
    await writeFile(diskPath, '');
    await truncate(diskPath, 1 << 20);
  });

  after(async () => {
    await connection.close().finally(() => libvirt.stop());
  });

  /** Paused, by software emulation. */
  async function start(machine: Machine, number: number): Promise<void> {
    const xml = generateDomain(machine, {
      ...PLACEMENT,
      id: number.toString(16).padStart(8, '0'),
      accelerator: 'tcg',
      diskPath,
      displaySocket: join(libvirt.folder, 'display'),
      network: number % 2 === 0 ? 'full' : 'restricted',
    });
    const options = { autodestroy: true, paused: true, validate: true };
    const domain = await connection.createDomain(xml, options);
    await domain.destroy();
  }

  it('start in libvirt and QEMU, if they are accepted', async () => {
    const random = seeded(SEED);
    for (let number = 0; number < COUNT; number++) {
      const [xml, machine] = nextAccepted(random);
      await start(machine, number).catch((error: unknown) => {
        assert.fail(`${String(error)}\n${xml}`);
      });
    }
  });
});

function nextAccepted(random: () => number): readonly [xml: string, machine: Machine] {
  for (;;) {
    const xml = randomMachine(random);
    try {
      return [xml, parseDomain(xml)];
    } catch (error) {
      assert.ok(error instanceof VmnetxError, String(error));
    }
  }
}
