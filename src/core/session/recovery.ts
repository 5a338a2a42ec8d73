import { fail, messageOf, ownWords, VmnetxError } from '../errors/index.js';
import { isLibvirtError, libvirtCode, type Domain } from '../libvirt/index.js';
import type { DomainListener } from './watch-domain.js';

/** A guest that is paused again so soon after it went on has the same trouble still. */
const SOON_MILLISECONDS = 1000;
/** How often in a row that may be: what had to be fetched is there when the guest goes on. */
const MAX_FUTILE = 5;

/** What a guest waits for. */
export interface AwaitedBytes {
  /** Fulfilled when nothing is awaited any more. */
  readonly settle: () => Promise<void>;
  /** Why what is missing can never be had, or null. */
  readonly whyLost: () => VmnetxError | null;
}

/** The way to the domain, over whichever connection there is. */
export type FindDomain = () => Promise<Pick<Domain, 'state' | 'resume'>>;

/**
 * Lets a guest go on that QEMU paused because of its disk. A read that waited too long is answered
 * with an error, the fetch goes on, and when it is done so does the guest, which notices nothing:
 * be that hours later, when the network is back. Where its bytes can never be had it stands still, so
 * that a person can see what they had. A disk that cannot be read or written for another reason ends the
 * session.
 */
export class Recovery {
  readonly #findDomain: FindDomain;
  readonly #bytes: AwaitedBytes;
  readonly #listener: Pick<DomainListener, 'onFailed'>;
  #recovering = false;
  /** A pause was told of while an earlier one was being dealt with. */
  #pausedMeanwhile = false;
  #futile = 0;
  #lastResume = -Infinity;

  constructor(
    findDomain: FindDomain,
    bytes: AwaitedBytes,
    listener: Pick<DomainListener, 'onFailed'>,
  ) {
    this.#findDomain = findDomain;
    this.#bytes = bytes;
    this.#listener = listener;
  }

  /** @param reason QEMU's word, `enospc` where what the guest writes cannot be kept */
  paused(reason: string): void {
    if (reason === 'enospc') {
      this.#listener.onFailed(fail('host-no-space', { path: ownWords('what the machine writes') }));
      return;
    }
    this.#pausedMeanwhile = true;
    if (this.#recovering) return;
    this.#recovering = true;
    void this.#recover().finally(() => {
      this.#recovering = false;
    });
  }

  async #recover(): Promise<void> {
    try {
      // libvirt tells of one error more than once, and of a new one before it has answered the call
      // that let the guest go on: so what counts is the domain's state.
      while (this.#pausedMeanwhile) {
        this.#pausedMeanwhile = false;
        const soon = performance.now() - this.#lastResume < SOON_MILLISECONDS;
        await this.#bytes.settle();
        await this.#letGoOn(soon).catch((error: unknown) => {
          // Whoever makes a new connection finds the guest paused still, and says so.
          if (!isLibvirtError(error, libvirtCode.invalidConnection)) throw error;
        });
      }
    } catch (error) {
      const context = { cause: error, detail: messageOf(error) };
      this.#listener.onFailed(
        error instanceof VmnetxError ? error : fail('host-machine-stopped', {}, context),
      );
    }
  }

  async #letGoOn(soon: boolean): Promise<void> {
    // Only now: while the bytes were fetched, libvirt's daemon may have become another.
    const domain = await this.#findDomain();
    if ((await domain.state()).state !== 'paused') return;
    const lost = this.#bytes.whyLost();
    // What cannot be had may take its time to be refused again.
    this.#futile = soon || lost !== null ? this.#futile + 1 : 0;
    if (this.#futile > MAX_FUTILE) {
      if (lost !== null) return;
      const detail = `QEMU has paused the machine ${this.#futile} times in a row.`;
      throw fail('host-input-output', { path: ownWords('The machine’s disk') }, { detail });
    }
    this.#lastResume = performance.now();
    await domain.resume();
  }
}
