import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { command } from '../../../../scripts/command.js';
import { buildGuest } from '../../../../scripts/guest.js';
import {
  bytesFile,
  faults,
  startFaultServer,
  type AddedRule,
  type Fault,
  type FaultServer,
  type SeenRequest,
  type ServedFile,
} from '../../../support/fault-server/index.js';
import { output } from '../../../support/programs.js';

/** The package's directory lies in its last bytes. */
const TAIL_BYTES = 70_000;

/** Which requests a fault befalls, by what they are for. */
export type Part = 'all' | 'directory' | 'disk';

/** The firmware guest on a web server whose faults keep a start where a test wants it. */
export class StagedMachine implements AsyncDisposable {
  /** Of the package on this computer. */
  readonly path: string;
  readonly #file: ServedFile;
  readonly #sizeBytes: number;
  readonly #server: FaultServer;
  #served = 0;

  private constructor(path: string, bytes: Buffer, server: FaultServer) {
    this.path = path;
    const version = { etag: '"one"', lastModified: new Date('2015-01-01T00:00:00Z') };
    this.#file = bytesFile(bytes, version);
    this.#sizeBytes = bytes.length;
    this.#server = server;
  }

  /** @param folder for the package */
  static async prepare(folder: string): Promise<StagedMachine> {
    const path = join(folder, 'firmware.nxpk');
    const { domainXml } = await buildGuest('firmware');
    await output(command('vmnetx-generate'), '-u', '-n', 'Firmware', domainXml, path);
    return new StagedMachine(path, await readFile(path), await startFaultServer({ files: {} }));
  }

  /** A new address, of which nothing has been fetched yet. */
  newUrl(): string {
    const path = `/${++this.#served}.nxpk`;
    this.#server.replace(path, this.#file);
    return `${this.#server.origin}${path}`;
  }

  /** Has a fault befall the requests for a part; until it is removed, or {@link clear}. */
  befall(part: Part, fault: Fault): AddedRule {
    return this.#server.faults.add({ fault, when: { where: (seen) => this.#isFor(part, seen) } });
  }

  /** Makes every answer late. */
  slow(milliseconds: number): AddedRule {
    return this.#server.faults.add({ fault: faults.slowStart(milliseconds) });
  }

  clear(): void {
    this.#server.faults.clear();
  }

  /** Resets every connection, and takes new ones. */
  async dropConnections(): Promise<void> {
    await this.#server.goDown();
    await this.#server.comeUp();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.stop();
  }

  #isFor(part: Part, { headers }: SeenRequest): boolean {
    const first = Number(/^bytes=(\d+)/.exec(headers.range ?? '')?.[1]);
    const isTail = first > this.#sizeBytes - TAIL_BYTES;
    switch (part) {
      case 'all':
        return true;
      case 'directory':
        return isTail;
      case 'disk':
        return first > 0 && !isTail;
    }
  }
}
