import assert from 'node:assert/strict';
import { link, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { command } from '../../scripts/command.js';
import { startNginx, type Nginx } from '../support/nginx.js';
import { output } from '../support/programs.js';
import { seeded } from '../support/random.js';
import { ScreenReader } from '../support/screen-reading.js';
import { Desktop } from './support/desktop.js';
import { endPrograms } from './support/program.js';
import { nothingIsLeft, ResumedGuest } from './support/resumed-guest.js';
import type { MemoryFormat } from './support/saved-memory.js';
import { SlowResumes } from './support/slow-resumes.js';
import { suspendGuest, type SuspendedGuest } from './support/suspended-guest.js';
import { packSuspended } from './support/suspended-package.js';

/** Each is in a window of its own at the same time as the other. */
const PAIRS: readonly (readonly MemoryFormat[])[] = [
  ['raw', 'xz'],
  ['bzip2', 'lzop'],
];
/** Resumed twice, the second time beside another one. */
const [TWICE, BESIDE] = ['gzip', 'zstd'] as const;
/** More of both by `npm run resumes`. */
const MOMENTS = 4;
const AWAY_MILLISECONDS = 4000;
const CANCELLED_MILLISECONDS = 1500;
const LINK_MILLISECONDS = 8000;
/** Each opening reads so much of the package, to know the machine. */
const HEAD_BYTES = 256 * 1024;
const SEED = Number(process.env['VMNETX_TEST_SEED'] ?? '20261121');

describe('a guest that was saved in the middle of its work', function () {
  this.timeout(300_000);
  let desktop: Desktop;
  let reader: ScreenReader;
  let nginx: Nginx;
  let guest: SuspendedGuest;
  let served: string;

  before(async () => {
    desktop = await Desktop.prepare();
    reader = new ScreenReader();
    served = join(desktop.folder, 'served');
    await mkdir(served);
    nginx = await startNginx(served);
    guest = await suspendGuest(desktop.folder, [...PAIRS.flat(), TWICE, BESIDE]);
    for (const [format, memory] of guest.memory) {
      await packSuspended(served, { ...guest, name: format, memory });
    }
  });

  afterEach(endPrograms);

  after(async () => {
    await reader[Symbol.asyncDispose]();
    await nginx.stop();
    await desktop[Symbol.asyncDispose]();
  });

  /** Opens packages at the same time, by their names. */
  async function resume(...names: readonly string[]): Promise<void> {
    const opened = names.map((name) =>
      ResumedGuest.open(`${nginx.origin}/${name}.nxpk`, desktop, reader),
    );
    const all = await Promise.all(opened);
    await Promise.all(all.map((resumed) => resumed.goesOn(guest)));
    for (const resumed of all) await resumed.showsItsCount();
    await Promise.all(all.map((resumed) => resumed.quit()));
    await nothingIsLeft(desktop);
  }

  /** How often memory was asked for behind what each opening reads. */
  async function requestsFor(format: MemoryFormat): Promise<number> {
    const bytes = await readFile(join(served, `${format}.nxpk`));
    const begin = bytes.indexOf('LibvirtQemudSave');
    const end = begin + (await stat(guest.memory.get(format) ?? '')).size;
    const ofMemory = (await nginx.requests()).filter(({ path, range }) => {
      const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(range) ?? [];
      return path === `/${format}.nxpk` && Number(first) < end && Number(last) >= HEAD_BYTES;
    });
    return ofMemory.length;
  }

  for (const pair of PAIRS) {
    it(`goes on from there in its window, and quitting leaves nothing: ${pair.join(', ')}`, async () => {
      await resume(...pair);
    });
  }

  it(`does so a second time without a request for its memory: ${TWICE}, ${BESIDE}`, async () => {
    await resume(TWICE);
    const before = await requestsFor(TWICE);
    assert.ok(before > 0);
    await resume(TWICE, BESIDE);
    assert.equal(await requestsFor(TWICE), before);
  });

  it('does so from a package that vmnetx-generate made', async () => {
    const folder = join(desktop.folder, 'publisher');
    await mkdir(join(folder, 'save'), { recursive: true });
    await writeFile(join(folder, 'machine.xml'), guest.domain.replace('/disk.img', guest.disk));
    await link(guest.memory.get('raw') ?? '', join(folder, 'save/machine.save'));
    const paths = [join(folder, 'machine.xml'), join(served, 'generated.nxpk')];
    await output(command('vmnetx-generate'), '-u', ...paths);
    await resume('generated');
  });

  function slowResumes(milliseconds: number): Promise<SlowResumes> {
    const memory = guest.memory.get('xz') ?? '';
    return SlowResumes.prepare(join(served, 'xz.nxpk'), memory, milliseconds);
  }

  it(`is given up while it comes back, and nothing is left within 5 s (seed ${SEED})`, async () => {
    await using resumes = await slowResumes(CANCELLED_MILLISECONDS);
    await resumes.cancel(MOMENTS, seeded(SEED), desktop);
  });

  it('goes on although the network goes away while it comes back', async () => {
    await using resumes = await slowResumes(LINK_MILLISECONDS);
    const outage = { kind: 'refused', milliseconds: AWAY_MILLISECONDS } as const;
    await resumes.endure(outage, guest, desktop, reader);
  });
});
