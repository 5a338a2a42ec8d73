import { fail } from '../../core/errors/index.js';
import { readCacheLimit, writeCacheLimit, type LimitSource } from '../../core/settings/index.js';
import {
  ChunkStore,
  effectiveLimit,
  storeOptions,
  type KeptImage,
  type LimitReport,
  type StoreOptions,
} from '../../core/store/index.js';
import type { CacheTask } from '../cache-task.js';
import { findKept } from '../kept-package.js';
import { keptTable, machinesOf } from '../kept-table.js';
import type { Plan } from '../plan.js';
import { untilInterrupted } from '../signals.js';
import { formatSize } from '../../core/text/index.js';

/** What a command tells: an object with `--json`, else a text. */
interface Told {
  readonly json: object;
  readonly text: string;
}

/** The store if there is one, and what it may be. */
interface Opened {
  readonly store: ChunkStore | null;
  readonly options: StoreOptions;
}

/** `vmnetx cache`: shows and manages what was fetched and is kept. */
export async function cache(plan: Extract<Plan, { command: 'cache' }>): Promise<number> {
  return untilInterrupted(async (signal) => {
    if (plan.action === 'limit' && plan.bytes !== undefined) {
      await writeCacheLimit(process.env, plan.bytes);
    }
    const options = await storeOptions(process.env);
    const store = await ChunkStore.find(options);
    try {
      const { json, text } = await carryOut(plan, { store, options }, signal);
      process.stdout.write(plan.json ? `${JSON.stringify(json, null, 2)}\n` : text);
    } finally {
      await store?.close();
    }
  });
}

function carryOut(task: CacheTask, opened: Opened, signal: AbortSignal): Promise<Told> {
  switch (task.action) {
    case 'list':
      return list(opened);
    case 'limit':
      return task.bytes === undefined ? showLimit(opened) : applyLimit(opened);
    case 'pin':
    case 'unpin':
      return pin(opened, task.location, task.action === 'pin', signal);
    case 'clear':
      return clear(opened, task.location, signal);
  }
}

async function list({ store, options }: Opened): Promise<Told> {
  const images = (await store?.list()) ?? [];
  const limitBytes = await effectiveLimit(options);
  const usedBytes = images.reduce((sum, image) => sum + image.usedBytes, 0);
  const total = `${formatSize(usedBytes)} of at most ${formatSize(limitBytes)} in ${options.cacheDirectory}\n`;
  return {
    json: {
      directory: options.cacheDirectory,
      limitBytes,
      usedBytes,
      images: images.map(({ description, lastUsed, ...image }) => ({
        ...description,
        ...image,
        lastUsed: lastUsed.toISOString(),
      })),
    },
    text: images.length === 0 ? 'Nothing is kept.\n' : `${keptTable(images)}\n${total}`,
  };
}

const SOURCES: Readonly<Record<LimitSource, string>> = {
  environment: 'by VMNETX_CACHE_LIMIT',
  settings: 'by “vmnetx cache limit”',
  default: 'a tenth of the file system, at least 10 GiB',
};

async function showLimit({ options }: Opened): Promise<Told> {
  const limitBytes = await effectiveLimit(options);
  const { from } = await readCacheLimit(process.env);
  return { json: { limitBytes, from }, text: `${formatSize(limitBytes)} (${SOURCES[from]})\n` };
}

/** The new limit holds at once. */
async function applyLimit(opened: Opened): Promise<Told> {
  const shown = await showLimit(opened);
  const before = (await opened.store?.list()) ?? [];
  const report = (await opened.store?.enforceLimit()) ?? null;
  const lines = [`Fetched data may take ${shown.text.trimEnd()}.`];
  if (report !== null) lines.push(...consequences(report, before));
  const { evicted = [], usedBytes = 0, overLimit = false } = report ?? {};
  return {
    json: { ...shown.json, usedBytes, evicted, overLimit },
    text: lines.map((line) => `${line}\n`).join(''),
  };
}

function consequences(
  { evicted, overLimit, usedBytes }: LimitReport,
  before: readonly KeptImage[],
): readonly string[] {
  const removed = before.filter(({ key }) => evicted.includes(key));
  return [
    ...(removed.length === 0 ? [] : [`Removed the data of ${named(removed)}.`]),
    ...(overLimit ? [`What is in use or pinned takes more: ${formatSize(usedBytes)}.`] : []),
  ];
}

async function pin(
  { store }: Opened,
  location: string,
  pinned: boolean,
  signal: AbortSignal,
): Promise<Told> {
  const found = await findKept(store, location, signal);
  const done: KeptImage[] = [];
  for (const image of found) {
    if ((await store?.setPinned(image.key, pinned)) === true) done.push(image);
  }
  if (done.length === 0) throw fail('store-nothing-kept', { location: named(found) });
  const images = done.map(({ key }) => key);
  const what = pinned ? 'is kept whatever the limit' : 'may be removed to keep the limit';
  return { json: { pinned, images }, text: `The data of ${named(done)} ${what}.\n` };
}

async function clear(
  { store }: Opened,
  location: string | null,
  signal: AbortSignal,
): Promise<Told> {
  const found = location === null ? null : await findKept(store, location, signal);
  const before = found ?? (await store?.list()) ?? [];
  const { removed, freedBytes, inUse, pinned } = (await store?.remove(
    found === null ? null : found.map(({ key }) => key),
  )) ?? { removed: [], freedBytes: 0, inUse: [], pinned: [] };
  if (found !== null && removed.length === 0) {
    const code = inUse.length > 0 ? 'store-in-use' : 'store-nothing-kept';
    throw fail(code, { location: named(found) });
  }
  const of = (keys: readonly string[]) => before.filter(({ key }) => keys.includes(key));
  const lines = [
    removed.length === 0
      ? 'Nothing was removed.'
      : `Removed ${formatSize(freedBytes)}: the data of ${named(of(removed))}.`,
    ...(inUse.length === 0 ? [] : [`In use, so not removed: the data of ${named(of(inUse))}.`]),
    ...(pinned.length === 0 ? [] : [`Pinned, so not removed: the data of ${named(of(pinned))}.`]),
  ];
  return {
    json: { removed, freedBytes, inUse, pinned },
    text: lines.map((line) => `${line}\n`).join(''),
  };
}

/** The machines by name and address. */
function named(images: readonly KeptImage[]): string {
  return machinesOf(images)
    .map(({ name, url }) => `“${name}” (${url})`)
    .join(', ');
}
