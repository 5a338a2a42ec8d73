import { fail, messageOf } from '../errors/index.js';
import type { Connection } from '../libvirt/index.js';
import type { Vmnetfs } from '../vmnetfs/index.js';
import type { RunListener } from './run-machine.js';

/** A guest that is paused again so soon after it went on has the same trouble still. */
const SOON_MILLISECONDS = 1000;
/** How often in a row that may be, while nothing is being fetched that could help. */
const MAX_FUTILE = 5;

/**
 * Lets a guest go on that QEMU paused because of its disk. A read that waited too long is answered
 * with an error, the fetch goes on, and when it is done so does the guest, which notices nothing. A
 * disk that cannot be read or written for another reason ends the session.
 */
export class Recovery {
  readonly #connection: Connection;
  readonly #name: string;
  readonly #vmnetfs: Vmnetfs;
  readonly #listener: RunListener;
  #resuming = false;
  #futile = 0;
  #lastResume = -Infinity;

  constructor(connection: Connection, name: string, vmnetfs: Vmnetfs, listener: RunListener) {
    this.#connection = connection;
    this.#name = name;
    this.#vmnetfs = vmnetfs;
    this.#listener = listener;
  }

  /** @param reason QEMU's word, `enospc` where what the guest writes cannot be kept */
  paused(reason: string): void {
    // libvirt tells of one error more than once.
    if (this.#resuming) return;
    if (reason === 'enospc') {
      this.#listener.onFailed(fail('host-no-space', { path: 'what the machine writes' }));
      return;
    }
    this.#futile = performance.now() - this.#lastResume < SOON_MILLISECONDS ? this.#futile + 1 : 0;
    if (this.#futile > MAX_FUTILE) {
      this.#listener.onFailed(fail('host-input-output', { path: 'The machine’s disk' }));
      return;
    }
    this.#resuming = true;
    void this.#resume().finally(() => {
      this.#resuming = false;
    });
  }

  async #resume(): Promise<void> {
    try {
      await this.#vmnetfs.settle();
      const domain = await this.#connection.lookupDomain(this.#name);
      this.#lastResume = performance.now();
      if ((await domain.state()).state === 'paused') await domain.resume();
    } catch (error) {
      const context = { cause: error, detail: messageOf(error) };
      this.#listener.onFailed(fail('host-machine-stopped', {}, context));
    }
  }
}
