import assert from 'node:assert/strict';
import { constants as flags } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { CHUNK_STATE } from '../../../src/core/chunkfs/index.js';
import { CHUNK_BYTES } from '../../../src/core/image/index.js';
import { openSource } from '../../../src/core/fetch/index.js';
import { parsePackageUrl } from '../../../src/core/reference/index.js';
import type { MountRequest, StatisticsReport, Vmnetfs } from '../../../src/core/vmnetfs/index.js';
import { startNginx, type Nginx } from '../../support/nginx.js';
import { until } from '../../support/wait.js';
import { PackageToMount } from './mounted-package.js';

const { present, touched, modified, presentAtMount } = CHUNK_STATE;
const CHUNKS = 24;
const INTERVAL = 20;
const { signal } = new AbortController();

/** What reports told, put together as one who looks does. */
class Seen {
  readonly states = new Map<number, number>();
  readonly reports: StatisticsReport[] = [];
  readonly stop: () => void;

  constructor(vmnetfs: Vmnetfs) {
    this.stop = vmnetfs.statistics((report) => {
      this.#take(report);
    }, INTERVAL);
  }

  get last(): StatisticsReport | undefined {
    return this.reports.at(-1);
  }

  /** The disk's chunks of this state. */
  with(state: number): readonly number[] {
    return [...this.states].filter(([, each]) => each === state).map(([chunk]) => chunk);
  }

  #take(report: StatisticsReport): void {
    this.reports.push(report);
    if (report.anew) this.states.clear();
    const changes = [...(report.images.find(({ image }) => image === 'disk')?.changes ?? [])];
    for (let at = 0; at < changes.length; at += 3) {
      const [first = 0, count = 0, state = 0] = changes.slice(at, at + 3);
      for (let chunk = first; chunk < first + count; chunk++) this.states.set(chunk, state);
    }
  }
}

describe('what a vmnetfs reports of its images', function () {
  this.timeout(30_000);

  let wanted: PackageToMount;
  let nginx: Nginx;
  let request: Partial<MountRequest>;

  before(async () => {
    wanted = await PackageToMount.create(CHUNKS);
    nginx = await startNginx(wanted.folder);
    const url = parsePackageUrl(`${nginx.origin}/a.nxpk`);
    const source = await openSource({ kind: 'url', url, label: url.label }, { signal });
    await source.close();
    request = wanted.servedAt(nginx.origin, source.validators);
  });

  after(async () => {
    await wanted[Symbol.asyncDispose]();
    await nginx.stop();
  });

  /** Does something to chunks of the disk, one after another, past the kernel's cache. */
  async function use(how: 'read' | 'write', ...chunks: readonly number[]): Promise<void> {
    const file = await open(wanted.diskPath, flags.O_RDWR | flags.O_DIRECT);
    try {
      for (const chunk of chunks) {
        const at = [Buffer.alloc(4096), 0, 4096, chunk * CHUNK_BYTES] as const;
        await (how === 'read' ? file.read(...at) : file.write(...at));
      }
    } finally {
      await file.close();
    }
  }

  it('is what was fetched, read and written, and what was there before', async () => {
    const first = await wanted.mount(request);
    const seen = new Seen(first);
    await use('read', 3, 9);
    await until('both are reported', () => seen.with(present | touched).length >= 2);
    assert.deepEqual(seen.with(present | touched), [3, 9]);
    assert.equal(seen.last?.images[0]?.sizeBytes, wanted.disk.length);
    await until('a second is reported', () => seen.reports.some(({ pace }) => pace.length > 0));
    const pace = seen.reports.flatMap((report) => report.pace);
    assert.ok(pace.some(({ bytesPerSecond }) => bytesPerSecond > CHUNK_BYTES / 2));
    assert.ok(pace.some(({ roundTripMilliseconds }) => (roundTripMilliseconds ?? 0) > 0));
    const before = [...seen.states.keys()];
    await first.unmount();

    await mkdir(wanted.directory, { recursive: true });
    const second = await wanted.mount(request);
    const again = new Seen(second);
    await until('the first report is there', () => again.reports.length > 0);
    assert.deepEqual(again.with(present | presentAtMount), before);
    await use('read', 3);
    await use('write', 9, 20);
    await use('read', 9);
    await until('it is reported', () => (again.states.get(20) ?? 0) === modified);
    await until('that, too', () => again.states.get(3) === (present | presentAtMount | touched));
    assert.equal(again.states.get(9), present | presentAtMount | modified);
    await second.unmount();
    await mkdir(wanted.directory, { recursive: true });
  });

  it('is everything for whoever looks, and then what changes', async () => {
    const vmnetfs = await wanted.mount(request);
    const first = new Seen(vmnetfs);
    await use('read', 1);
    await until('it is reported', () => first.states.get(1) === (present | touched));
    first.stop();
    const second = new Seen(vmnetfs);
    await until('there are reports', () => second.reports.length > 2);
    assert.deepEqual(
      [...second.states],
      [...first.states].sort(([one], [other]) => one - other),
    );
    assert.deepEqual(
      second.reports.slice(0, 3).map(({ anew }) => anew),
      [true, false, false],
    );
    assert.equal(second.reports[1]?.images[0]?.changes.length, 0);
    await vmnetfs.unmount();
  });
});
