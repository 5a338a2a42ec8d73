import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { buildGuest } from '../../../../scripts/guest.js';
import type { MemoryFormat } from '../../../e2e/support/saved-memory.js';
import { suspendMachine, type SuspendedMachine } from '../../../e2e/support/suspended-machine.js';
import { packSuspended } from '../../../e2e/support/suspended-package.js';
import { bytesFile, startFaultServer, type FaultServer } from '../../../support/fault-server/index.js'; // prettier-ignore

const BOOT_MILLISECONDS = 60_000;
const MEMORY_MIB = 16;
/** Each opening reads so much of the package, to know the machine. */
const HEAD_BYTES = 256 * 1024;

/** The firmware guest, saved while it ran, on a web server. */
export class SavedMachine implements AsyncDisposable {
  readonly saved: SuspendedMachine;
  readonly #folder: string;
  readonly #server: FaultServer;
  #served = 0;

  private constructor(saved: SuspendedMachine, folder: string, server: FaultServer) {
    this.saved = saved;
    this.#folder = folder;
    this.#server = server;
  }

  /** @param folder for the files; the caller removes it */
  static async prepare(folder: string, formats: readonly MemoryFormat[]): Promise<SavedMachine> {
    const saved = await suspendMachine({
      guest: await buildGuest('firmware'),
      folder,
      memoryMib: MEMORY_MIB,
      formats,
      use: (line) => line.see(/FIRMWARE-READY/, BOOT_MILLISECONDS),
    });
    return new SavedMachine(saved, folder, await startFaultServer({ files: {} }));
  }

  /** Path of what libvirt saved. */
  memory(format: MemoryFormat): string {
    return this.saved.memory.get(format) ?? '';
  }

  /**
   * Serves a package with this memory at a new address, of which nothing has been fetched yet.
   *
   * @param memory path
   */
  async serve(memory: string, domain = this.saved.domain): Promise<string> {
    const name = `saved-${++this.#served}`;
    const path = await packSuspended(this.#folder, { ...this.saved, name, domain, memory });
    const version = { etag: '"one"', lastModified: new Date('2015-01-01T00:00:00Z') };
    this.#server.replace(`/${name}.nxpk`, bytesFile(await readFile(path), version));
    return `${this.#server.origin}/${name}.nxpk`;
  }

  /** How often memory was asked for, as it lies in its package behind what each opening reads. */
  async requestsFor(url: string, memory: string): Promise<number> {
    const path = new URL(url).pathname;
    const begin = (await readFile(join(this.#folder, path))).indexOf('LibvirtQemudSave');
    const end = begin + (await stat(memory)).size;
    const ofMemory = this.#server.requests.filter((request) => {
      const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(request.range) ?? [];
      return request.path === path && Number(first) < end && Number(last) >= HEAD_BYTES;
    });
    return ofMemory.length;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.stop();
  }
}
