import { join } from 'node:path';
import { enforceLimit, removeImages, type LimitReport, type Removal } from './eviction.js';
import { Folder } from './folder.js';
import { imageKey, isImageKey, type ImageDescription } from './image-description.js';
import { ImageFolder, removeLeftovers, type ImagePlaces } from './image-folder.js';
import { keptImage, type KeptImage } from './kept-image.js';
import { KeptState } from './kept-state.js';
import { presentBytes } from './present-bytes.js';
import { isMarked, markStore, withStoreLock } from './store-files.js';
import { effectiveLimit, freeBytes, type StoreOptions } from './store-options.js';
import { StoredImage } from './stored-image.js';

/** How long somebody may look at an image or remove it while it is being pinned, in milliseconds. */
const PIN_MILLISECONDS = 5000;

/** What is kept only to be faster leaves the other half of the disk's free space to what guests write. */
const STATE_SHARE = 1 / 2;

/**
 * The chunks that were fetched, kept from session to session: a folder for each image, see
 * docs/store.md. Many processes may have it open at the same time.
 */
export class ChunkStore {
  readonly #root: Folder;
  readonly #places: ImagePlaces;
  readonly #options: StoreOptions;

  private constructor(root: Folder, places: ImagePlaces, options: StoreOptions) {
    this.#root = root;
    this.#places = places;
    this.#options = options;
  }

  /**
   * Opens the store, and makes it if it is not there. The caller closes it, after its images.
   *
   * @throws VmnetxError `store-newer`, `store-foreign`, `store-unsafe`, `store-busy`, `host-…`
   */
  static async open(options: StoreOptions): Promise<ChunkStore> {
    const root = await Folder.make(options.cacheDirectory);
    const opened = [root];
    try {
      await withStoreLock(root, () => markStore(root));
      const images = await root.makeFolder('images');
      opened.push(images);
      await removeLeftovers(images);
      // Without live files, each process knows only of the chunks that it fetched itself.
      const live = await openLive(options, (path) => Folder.make(path));
      return new ChunkStore(root, { images, live }, options);
    } catch (error) {
      for (const folder of opened) await folder.close();
      throw error;
    }
  }

  /** Opens the store if it is there; makes and changes nothing until it is told to. */
  static async find(options: StoreOptions): Promise<ChunkStore | null> {
    const root = await Folder.open(options.cacheDirectory);
    if (root === null) return null;
    try {
      const images = (await isMarked(root)) ? await root.folder('images') : null;
      if (images !== null) {
        const live = await openLive(options, (path) => Folder.open(path));
        return new ChunkStore(root, { images, live }, options);
      }
    } catch (error) {
      await root.close();
      throw error;
    }
    await root.close();
    return null;
  }

  /**
   * Opens an image for use, and makes it if it is not there.
   *
   * @throws VmnetxError `store-busy`, `host-no-space`, …
   */
  openImage(description: ImageDescription): Promise<StoredImage> {
    return StoredImage.open(this.#places, description);
  }

  /**
   * Makes the store fit its limit: removes whole images, the least recently used first, never one
   * that is in use or pinned.
   */
  async enforceLimit(): Promise<LimitReport> {
    const limit = await effectiveLimit(this.#options);
    const report = await withStoreLock(this.#root, () => enforceLimit(this.#places, limit));
    if (report.evicted.length > 0) await removeLeftovers(this.#places.images);
    return report;
  }

  /** What is kept of a saved machine's memory besides the image of it that the store has. */
  keptState(description: ImageDescription): KeptState {
    return new KeptState(this.#places, description, () => this.#stateRoom());
  }

  /** How many bytes of an image are there, without using it. */
  async cachedBytes(description: ImageDescription): Promise<number> {
    const { images, live } = this.#places;
    const key = imageKey(description);
    const folder = await images.folder(key);
    if (folder === null) return 0;
    try {
      return await presentBytes(folder, live, key, description);
    } finally {
      await folder.close();
    }
  }

  /** What is kept, the most recently used first. */
  async list(): Promise<readonly KeptImage[]> {
    const kept = [];
    for (const key of await this.#keys()) {
      const image = await keptImage(this.#places, key);
      if (image !== null) kept.push(image);
    }
    return kept.sort((a, b) => b.lastUsed.getTime() - a.lastUsed.getTime());
  }

  /** Keeps an image whatever the limit, or no longer. False if it is not there any more. */
  async setPinned(key: string, pinned: boolean): Promise<boolean> {
    const image = await ImageFolder.find(this.#places, key);
    if (image === null) return false;
    try {
      await image.lock.wait('shared', PIN_MILLISECONDS);
      if (!(await image.isInPlace())) return false;
      if (pinned) await (await image.folder.makeFile('pinned')).close();
      else await image.folder.remove('pinned');
      return true;
    } finally {
      await image.close();
    }
  }

  /**
   * Removes images that nobody uses.
   *
   * @param keys which; null: all that are not pinned
   */
  async remove(keys: readonly string[] | null): Promise<Removal> {
    const removal = await withStoreLock(this.#root, async () =>
      removeImages(this.#places, keys ?? (await this.#keys()), keys !== null),
    );
    await removeLeftovers(this.#places.images);
    return removal;
  }

  async close(): Promise<void> {
    await this.#places.live?.close();
    await this.#places.images.close();
    await this.#root.close();
  }

  /** Bytes that may be kept besides what cannot make room, as it is in use or pinned. */
  async #stateRoom(): Promise<number> {
    const limit = await effectiveLimit(this.#options);
    const free = await freeBytes(this.#root.path);
    const staying = (await this.list()).filter(({ inUse, pinned }) => inUse || pinned);
    const used = staying.reduce((sum, { usedBytes }) => sum + usedBytes, 0);
    return Math.floor(Math.min(limit - used, free * STATE_SHARE));
  }

  async #keys(): Promise<readonly string[]> {
    return (await this.#places.images.names()).filter(isImageKey);
  }
}

/** The folder of the live files, or null where it cannot be had. */
async function openLive(
  { runtimeDirectory }: StoreOptions,
  open: (path: string) => Promise<Folder | null>,
): Promise<Folder | null> {
  if (runtimeDirectory === null) return null;
  return open(join(runtimeDirectory, 'store')).catch(() => null);
}
