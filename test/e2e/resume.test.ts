import assert from 'node:assert/strict';
import { mkdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { startNginx, type Nginx, type ServedRequest } from '../support/nginx.js';
import { seeded } from '../support/random.js';
import { Desktop } from './support/desktop.js';
import { endPrograms } from './support/program.js';
import { ResumedGuest } from './support/resumed-guest.js';
import { SAVE_FORMATS, type MemoryFormat } from './support/saved-memory.js';
import { SlowResumes } from './support/slow-resumes.js';
import { suspendGuest, type SuspendedGuest } from './support/suspended-guest.js';
import { packSuspended } from './support/suspended-package.js';

const FORMATS: readonly MemoryFormat[] = [...SAVE_FORMATS, 'zstd'];
/** More of both by `npm run resumes`. */
const MOMENTS = 4;
const AWAY_MILLISECONDS = 12_000;
const CANCELLED_MILLISECONDS = 1500;
const LINK_MILLISECONDS = 8000;
/** Each opening reads so much of the package, to know the machine. */
const HEAD_BYTES = 256 * 1024;
const SEED = Number(process.env['VMNETX_TEST_SEED'] ?? '20261121');

describe('a guest that was saved in the middle of its work', function () {
  this.timeout(300_000);
  let desktop: Desktop;
  let nginx: Nginx;
  let guest: SuspendedGuest;
  const packages = new Map<MemoryFormat, string>();

  before(async () => {
    desktop = await Desktop.prepare();
    const served = join(desktop.folder, 'served');
    await mkdir(served);
    guest = await suspendGuest(desktop.folder, FORMATS);
    for (const [format, memory] of guest.memory) {
      const parts = { name: format, domain: guest.domain, disk: guest.disk, memory };
      packages.set(format, await packSuspended(served, parts));
    }
    nginx = await startNginx(served);
  });

  afterEach(endPrograms);

  after(async () => {
    await nginx.stop();
    await desktop[Symbol.asyncDispose]();
  });

  function packageOf(format: MemoryFormat): string {
    return packages.get(format) ?? '';
  }

  async function resume(format: MemoryFormat): Promise<readonly ServedRequest[]> {
    const before = (await nginx.requests()).length;
    const resumed = await ResumedGuest.open(`${nginx.origin}/${format}.nxpk`, desktop);
    await resumed.goesOn(guest);
    await resumed.showsItsCount();
    await resumed.quit();
    return (await nginx.requests()).slice(before);
  }

  for (const format of FORMATS) {
    it(`goes on from there in its window, and quitting leaves nothing: ${format}`, async () => {
      await resume(format);
    });
  }

  it('goes on a second time without a request for its memory', async () => {
    const bytes = await readFile(packageOf('gzip'));
    const begin = bytes.indexOf('LibvirtQemudSave');
    const end = begin + (await stat(guest.memory.get('gzip') ?? '')).size;
    const requests = await resume('gzip');
    const ofMemory = requests.filter(({ range }) => {
      const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(range) ?? [];
      return Number(first) < end && Number(last) >= Math.max(begin, HEAD_BYTES);
    });
    assert.ok(requests.length > 0);
    assert.deepEqual(ofMemory, []);
  });

  it(`is given up while it comes back, and nothing is left within 5 s (seed ${SEED})`, async () => {
    await using slow = await SlowResumes.prepare(packageOf('xz'), CANCELLED_MILLISECONDS);
    await slow.cancel(MOMENTS, seeded(SEED), desktop);
  });

  it('goes on although the network goes away while it comes back', async () => {
    await using slow = await SlowResumes.prepare(packageOf('xz'), LINK_MILLISECONDS);
    await slow.endure(AWAY_MILLISECONDS, guest, desktop);
  });
});
