import { isImageKey } from './image-description.js';
import { ImageFolder, type ImagePlaces } from './image-folder.js';
import { allocatedBytes, isPinned, lastUsed } from './kept-image.js';

/** What {@link enforceLimit} found and did. */
export interface LimitReport {
  /** What the store takes now, in bytes. */
  readonly usedBytes: number;
  readonly limitBytes: number;
  /** The keys of what was removed. */
  readonly evicted: readonly string[];
  /** What is in use or pinned takes more than the limit. */
  readonly overLimit: boolean;
}

/** What {@link removeImages} did. */
export interface Removal {
  readonly removed: readonly string[];
  readonly freedBytes: number;
  readonly inUse: readonly string[];
  readonly pinned: readonly string[];
}

interface Candidate {
  readonly key: string;
  readonly usedBytes: number;
  readonly lastUsed: number;
}

/**
 * Sets the least recently used images aside until the rest fits. With the lock of the store, so that
 * two processes do not remove twice as much as is needed.
 */
export async function enforceLimit(places: ImagePlaces, limitBytes: number): Promise<LimitReport> {
  const candidates = await measure(places);
  let usedBytes = candidates.reduce((sum, candidate) => sum + candidate.usedBytes, 0);
  const evicted: string[] = [];
  for (const candidate of candidates.toSorted((a, b) => a.lastUsed - b.lastUsed)) {
    if (usedBytes <= limitBytes) break;
    if ((await setAside(places, candidate.key, false)) !== 'removed') continue;
    usedBytes -= candidate.usedBytes;
    evicted.push(candidate.key);
  }
  return { usedBytes, limitBytes, evicted, overLimit: usedBytes > limitBytes };
}

/** Sets images aside unless they are in use. With the lock of the store. */
export async function removeImages(
  places: ImagePlaces,
  keys: readonly string[],
  evenPinned: boolean,
): Promise<Removal> {
  const outcomes: Record<Outcome, string[]> = { removed: [], 'in-use': [], pinned: [] };
  let freedBytes = 0;
  for (const { key, usedBytes } of await measure(places)) {
    if (!keys.includes(key)) continue;
    const outcome = await setAside(places, key, evenPinned);
    if (outcome === 'removed') freedBytes += usedBytes;
    outcomes[outcome].push(key);
  }
  const { removed, pinned, 'in-use': inUse } = outcomes;
  return { removed, freedBytes, inUse, pinned };
}

type Outcome = 'removed' | 'in-use' | 'pinned';

async function setAside(places: ImagePlaces, key: string, evenPinned: boolean): Promise<Outcome> {
  const image = await ImageFolder.make(places, key);
  try {
    if (!(await image.try('exclusive'))) return 'in-use';
    if (!evenPinned && (await isPinned(image.folder))) return 'pinned';
    await image.setAside();
    return 'removed';
  } finally {
    await image.close();
  }
}

/** What there is, also what somebody began to make, and what was planted in place of an image. */
async function measure(places: ImagePlaces): Promise<readonly Candidate[]> {
  const candidates = [];
  for (const key of await places.images.names()) {
    if (!isImageKey(key)) continue;
    const folder = await places.images.folder(key).catch(() => null);
    if (folder === null) {
      candidates.push({ key, usedBytes: 0, lastUsed: 0 });
      continue;
    }
    try {
      const used = await lastUsed(folder);
      candidates.push({
        key,
        usedBytes: await allocatedBytes(folder),
        lastUsed: used.getTime(),
      });
    } finally {
      await folder.close();
    }
  }
  return candidates;
}
