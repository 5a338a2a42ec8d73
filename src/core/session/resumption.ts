import { deadline, untilAborted } from '../disposal/index.js';
import { flatLayout } from '../image/index.js';
import { StateFile, type SavedMemory } from '../memory/index.js';
import type { Member } from '../package/index.js';
import type { Vmnetfs } from '../vmnetfs/index.js';
import { loadMemory } from './load-memory.js';
import type { WaitingDomain } from './load-state.js';
import { LoadingPace } from './loading-pace.js';
import type { SessionFolder } from './session-folder.js';
import type { Loaded } from './session-state.js';

/** So long it may take to hear of bytes that cannot be had. */
const TOLD_MILLISECONDS = 500;

/** What comes back, and from where. */
export interface ResumptionOptions {
  readonly memory: SavedMemory;
  readonly member: Member;
  readonly folder: SessionFolder;
  readonly vmnetfs: Vmnetfs;
  readonly onLoading: (loaded: Loaded) => void;
  readonly signal: AbortSignal;
}

/**
 * The saved memory of a machine on its way into a domain. As soon as this is made all of it is fetched,
 * as fast as the way allows, while it is decompressed and loaded as far as it has come.
 */
export class Resumption {
  readonly #options: ResumptionOptions;
  readonly #opening: Promise<StateFile>;

  constructor(options: ResumptionOptions) {
    const { memory, member, folder, vmnetfs, signal } = options;
    this.#options = options;
    const { chunkCount } = flatLayout({ offset: member.offset, length: member.storedBytes });
    const chunks = Array.from({ length: chunkCount }, (_, chunk) => ({
      image: 'memory' as const,
      chunk,
    }));
    // If the mount is lost, its owner is told so.
    vmnetfs.prefetch(chunks).catch(() => undefined);
    const begin = memory.state.offset - member.offset;
    this.#opening = StateFile.open(`${folder.mountPoint}/memory`, begin, signal);
    this.#opening.catch(() => undefined);
  }

  /**
   * @throws VmnetxError `memory-…`; LibvirtError; the signal's reason
   */
  async load(domain: WaitingDomain): Promise<void> {
    const { memory, folder, vmnetfs, onLoading, signal } = this.#options;
    const file = await untilAborted(this.#opening, signal);
    const pace = new LoadingPace(file.length);
    const toLoad = {
      file,
      compression: memory.compression,
      memory,
      socket: folder.stateSocket,
    };
    try {
      await loadMemory(domain, toLoad, (done) => {
        const secondsLeft = pace.at(performance.now(), done);
        onLoading({ done, total: file.length, secondsLeft });
      }, signal);
    } catch (error) {
      // Bytes that cannot be had look like damaged ones, but of those its mount tells: before it answers.
      await deadline(vmnetfs.settle(), TOLD_MILLISECONDS, 'the mount').catch(() => undefined);
      throw error;
    }
  }

  async close(): Promise<void> {
    const file = await this.#opening.catch(() => null);
    await file?.close();
  }
}
