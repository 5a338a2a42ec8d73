import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildGuest } from '../../guest.js';
import { suspendGuest } from '../../../test/e2e/support/suspended-guest.js';
import { packSuspended } from '../../../test/e2e/support/suspended-package.js';
import { suspendedPackage } from '../../../test/hostile/support/memory-image.js';
import { startDelayProxy } from '../../../test/support/delay-proxy.js';
import { bytesFile, faults } from '../../../test/support/fault-server/index.js';
import { PrivateKeyring } from '../../../test/support/private-keyring.js';
import { serveProtected } from '../../../test/support/protected-server.js';
import { DARK, GERMAN, LIGHT, RIGHT_TO_LEFT } from './look.js';
import type { Scene } from './scene.js';
import type { Studio } from './studio.js';

const VERSION = { etag: '"one"', lastModified: new Date('2015-01-01T00:00:00Z') };
/** How long the slow link takes for all of the saved machine. */
const LOADING_SECONDS = 90;
/** Of the firmware, until its guest paints. */
const BOOT_MILLISECONDS = 3000;
/** Until the bar is to be seen. */
const MORE_MILLISECONDS = 10_000;
const ROUND_TRIP_MILLISECONDS = 20;

/** What is seen until a machine runs, or where it does not come to that. */
export const STARTING_SCENES: readonly Scene[] = [
  {
    name: 'connecting',
    looks: [LIGHT, DARK],
    async play(studio, look, take) {
      const away = studio.server.faults.add({ fault: faults.silence });
      const subject = studio.open(look, [studio.demoUrl]);
      await subject.sees(/^Looking for the machine/);
      await take('connecting', subject.picture());
      await subject.end();
      away.remove();
    },
  },
  {
    name: 'loading',
    looks: [LIGHT, DARK, GERMAN],
    async play(studio, look, take) {
      const bytes = await savedMachine(studio);
      // Nothing of it has been fetched yet.
      const path = `/saved-${look.name}.nxpk`;
      studio.server.replace(path, bytesFile(bytes, VERSION));
      await using link = await startDelayProxy({
        port: studio.server.port,
        roundTripMilliseconds: ROUND_TRIP_MILLISECONDS,
        bitsPerSecond: (8 * bytes.length) / LOADING_SECONDS,
      });
      const subject = studio.open(look, [`${link.origin}${path}`]);
      await subject.sees(/ (left|noch .+)$/);
      await sleep(MORE_MILLISECONDS);
      await take('loading', subject.picture());
      await subject.end();
    },
  },
  {
    name: 'memory-refused',
    looks: [LIGHT, DARK],
    async play(studio, look, take) {
      const path = join(studio.desktop.folder, 'refused.nxpk');
      const disk = await readFile((await buildGuest('firmware')).disk);
      await writeFile(path, suspendedPackage(Buffer.alloc(1000, 'noise'), { disk }));
      const subject = studio.open(look, [path]);
      await subject.sees(/^Screen of the machine$/);
      await sleep(BOOT_MILLISECONDS);
      await take('memory-refused', subject.picture());
      await subject.end();
    },
  },
  {
    name: 'error',
    looks: [LIGHT, DARK, GERMAN, RIGHT_TO_LEFT],
    async play(studio, look, take) {
      studio.server.replace('/machine.nxpk', bytesFile(Buffer.alloc(300_000, 'noise'), VERSION));
      const subject = studio.open(look, [`${studio.server.origin}/machine.nxpk`]);
      await subject.sees(/^Details$/);
      await take('error', subject.picture());
      await subject.end();
    },
  },
  {
    name: 'error-details',
    looks: [LIGHT, DARK],
    async play(studio, look, take) {
      const subject = studio.open(look, [`${studio.server.origin}/gone.nxpk`]);
      await subject.press('Details');
      await take('error-details', subject.picture());
      await subject.end();
    },
  },
  {
    name: 'private-address',
    looks: [LIGHT, DARK],
    async play(studio, look, take) {
      const subject = studio.open(look, ['--from-link', studio.demoUrl]);
      await subject.sees(/^Open from /);
      await take('private-address', subject.picture());
      await subject.end();
    },
  },
  {
    name: 'log-in',
    looks: [LIGHT, DARK, GERMAN, RIGHT_TO_LEFT],
    async play(studio, look, take) {
      const server = await serveProtected(Buffer.alloc(1), 'basic', 'ada', 'open-sesame');
      await using keyring = await PrivateKeyring.start(studio.desktop);
      const { DBUS_SESSION_BUS_ADDRESS: bus = '', AT_SPI_BUS_ADDRESS: reading = '' } =
        keyring.environment;
      const buses = { DBUS_SESSION_BUS_ADDRESS: bus, AT_SPI_BUS_ADDRESS: reading };
      const subject = studio.open(look, [`${server.origin}/machine.nxpk`], buses);
      await subject.sees(/^(User|Benutzer)$/);
      await subject.enter('ada', 'a-guess');
      await subject.sees(
        /^(The name or the password is not right|Name oder Passwort ist falsch)\.$/,
      );
      await take('log-in', subject.picture());
      await subject.end();
      await server.stop();
    },
  },
];

let saved: Promise<Buffer> | null = null;

/** A package of the demo machine that was saved in the middle of its work. */
function savedMachine({ desktop }: Studio): Promise<Buffer> {
  saved ??= (async () => {
    const { memory, ...guest } = await suspendGuest(desktop.folder, ['gzip']);
    const parts = { ...guest, name: 'VMNetX demo', memory: memory.get('gzip') ?? '' };
    return readFile(await packSuspended(desktop.folder, parts));
  })();
  return saved;
}
