import { messageOf } from '../errors/index.js';
import type { Log } from '../log/index.js';
import { isSlow, keepState, StateFile, type Compression } from '../memory/index.js';
import type { Member } from '../package/index.js';
import type { Environment } from '../places/index.js';
import { ChunkStore, storeOptions, type KeptState } from '../store/index.js';
import type { FoundPackage } from './read-machine.js';
import { storedMember } from './stored-member.js';

/**
 * What is kept here of a machine's memory, in the form that loads fastest. That it cannot be read or
 * written costs time, and nothing else: failures are written down.
 */
export class KeptMemory {
  readonly #store: ChunkStore;
  readonly #state: KeptState;
  readonly #log: Log;

  private constructor(store: ChunkStore, state: KeptState, log: Log) {
    this.#store = store;
    this.#state = state;
    this.#log = log;
  }

  /** @returns null where nothing is kept, as of a local package */
  static async find(
    { url, package: found }: FoundPackage,
    member: Member,
    environment: Environment,
    log: Log,
  ): Promise<KeptMemory | null> {
    if (url === null) return null;
    try {
      const store = await ChunkStore.find(await storeOptions(environment));
      if (store === null) return null;
      return new KeptMemory(store, store.keptState(storedMember(url, found, member)), log);
    } catch (error) {
      log.warning('The kept memory cannot be used', { reason: messageOf(error) });
      return null;
    }
  }

  /**
   * The state, compressed by zstd; until it is closed nobody else removes it.
   *
   * @returns null where there is none yet
   */
  async open(): Promise<StateFile | null> {
    try {
      const state = await this.#state.open();
      return state === null ? null : StateFile.of(state.file, state.storedBytes, state.close);
    } catch (error) {
      this.#log.warning('The kept memory cannot be read', { reason: messageOf(error) });
      return null;
    }
  }

  /** Forgets what is kept: it was no good. */
  async drop(): Promise<void> {
    await this.#state.drop().catch((error: unknown) => {
      this.#log.warning('The kept memory stays', { reason: messageOf(error) });
    });
  }

  /**
   * Keeps a state, if what it is compressed by takes longer to load. That goes on behind all else.
   *
   * @param openStored opens what is in the package
   */
  async keep(
    openStored: () => Promise<StateFile>,
    compression: Compression,
    signal: AbortSignal,
  ): Promise<void> {
    if (!isSlow(compression)) return;
    try {
      const outcome = await this.#state.keep(async (file, maxBytes) => {
        const stored = await openStored();
        try {
          const { fd } = stored;
          await keepState({ compression, stored: fd, kept: file.fd, maxBytes }, signal);
        } finally {
          await stored.close();
        }
      }, signal);
      this.#log.info('The memory was compressed for the next time', { outcome });
    } catch (error) {
      if (signal.aborted) return;
      this.#log.warning('The memory is not kept', { reason: messageOf(error) });
    }
  }

  async close(): Promise<void> {
    await this.#store.close();
  }
}
