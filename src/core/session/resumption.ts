import { deadline, untilAborted } from '../disposal/index.js';
import { asVmnetxError, fail } from '../errors/index.js';
import { flatLayout } from '../image/index.js';
import type { Log } from '../log/index.js';
import { StateFile, type Compression, type SavedMemory } from '../memory/index.js';
import type { Member } from '../package/index.js';
import type { Environment } from '../places/index.js';
import type { Vmnetfs } from '../vmnetfs/index.js';
import { KeptMemory } from './kept-memory.js';
import { loadMemory } from './load-memory.js';
import type { WaitingDomain } from './load-state.js';
import { LoadingPace } from './loading-pace.js';
import { speaksAgainstBytes } from './memory-refusal.js';
import type { FoundPackage } from './read-machine.js';
import type { SessionFolder } from './session-folder.js';
import type { Loaded } from './session-state.js';

/** So long it may take to hear of bytes that cannot be had. */
const TOLD_MILLISECONDS = 5000;

/** What comes back, and from where. */
export interface ResumptionOptions {
  readonly found: FoundPackage;
  readonly member: Member;
  readonly memory: SavedMemory;
  /** Whether what is kept from the last time is used. */
  readonly useKept: boolean;
  readonly folder: SessionFolder;
  readonly vmnetfs: Vmnetfs;
  readonly environment: Environment;
  readonly log: Log;
  readonly onLoading: (loaded: Loaded) => void;
  readonly signal: AbortSignal;
}

interface Source {
  readonly file: StateFile;
  readonly compression: Compression;
  /** It is from the last time, not from the package. */
  readonly isKept: boolean;
}

/**
 * The saved memory of a machine on its way into a domain. As soon as this is made all of it is fetched,
 * as fast as the way allows, while it is decompressed and loaded as far as it has come. Nothing is
 * fetched of what is kept here from the last time.
 */
export class Resumption {
  readonly #options: ResumptionOptions;
  readonly #kept: Promise<KeptMemory | null>;
  readonly #source: Promise<Source>;
  #keeping: Promise<void> = Promise.resolve();

  constructor(options: ResumptionOptions) {
    const { found, member, environment, log } = options;
    this.#options = options;
    this.#kept = KeptMemory.find(found, member, environment, log);
    this.#source = this.#open();
    this.#source.catch(() => undefined);
  }

  /**
   * @throws VmnetxError `memory-…`, `host-program-missing`; `store-state-damaged` where only what was
   *   kept is no good, and is no longer kept; LibvirtError; the signal's reason
   */
  async load(domain: WaitingDomain): Promise<void> {
    const { memory, folder, vmnetfs, onLoading, signal, log } = this.#options;
    const { file, compression, isKept } = await untilAborted(this.#source, signal);
    const total = file.length;
    log.info('The saved memory is loaded', { bytes: total, compression, kept: isKept });
    const pace = new LoadingPace(total);
    const onLoaded = (done: number): void => {
      onLoading({ done, total, secondsLeft: pace.at(performance.now(), done) });
    };
    const state = { file, compression, memory, socket: folder.stateSocket };
    try {
      await loadMemory(domain, state, onLoaded, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (isKept && speaksAgainstBytes(asVmnetxError(error))) {
        await (await this.#kept)?.drop();
        throw fail('store-state-damaged', {}, { cause: error });
      }
      // Bytes that cannot be had look like damaged ones, but of those its mount tells: before it answers.
      const told = deadline(vmnetfs.settle(), TOLD_MILLISECONDS, 'the mount');
      await untilAborted(told, signal).catch(() => undefined);
      signal.throwIfAborted();
      throw error;
    }
    await file.close();
    if (!isKept) this.#keeping = this.#keep();
  }

  /** Nobody needs the mount any more: what waits for its bytes is answered with an error. */
  async close(): Promise<void> {
    await this.#options.vmnetfs.failWaiting().catch(() => undefined);
    const source = await this.#source.catch(() => null);
    await source?.file.close();
    await this.#keeping;
    await (await this.#kept)?.close();
  }

  async #open(): Promise<Source> {
    const { memory, member, useKept, vmnetfs } = this.#options;
    const kept = useKept ? await (await this.#kept)?.open() : null;
    if (kept !== null && kept !== undefined) {
      return { file: kept, compression: 'zstd', isKept: true };
    }
    const { chunkCount } = flatLayout({ offset: member.offset, length: member.storedBytes });
    const image = 'memory' as const;
    const chunks = Array.from({ length: chunkCount }, (_, chunk) => ({ image, chunk }));
    // If the mount is lost, its owner is told so.
    vmnetfs.prefetch(chunks).catch(() => undefined);
    return { file: await this.#openStored(), compression: memory.compression, isKept: false };
  }

  #openStored(): Promise<StateFile> {
    const { memory, member, folder, signal } = this.#options;
    const offset = memory.state.offset - member.offset;
    return StateFile.open(`${folder.mountPoint}/memory`, offset, signal);
  }

  /** Compresses it for the next time, which nobody waits for. */
  async #keep(): Promise<void> {
    const { memory, signal } = this.#options;
    const kept = await this.#kept;
    await kept?.keep(() => this.#openStored(), memory.compression, signal);
  }
}
