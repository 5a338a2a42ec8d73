import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  folderFiles,
  startFaultServer,
  type FaultServer,
} from '../../support/fault-server/index.js';
import { seeded } from '../../support/random.js';
import { diskKinds, packDemoOn } from './demo-disks.js';
import { Desktop } from './desktop.js';
import { endPrograms } from './program.js';
import { WorkingMachine } from './working-machine.js';

/** How a server does not answer: nobody is there, or somebody who says nothing. */
export type Manner = 'gone' | 'silent';

/** How long a guest works before the server goes, at least. */
const WORK_MILLISECONDS = 3000;
/** Until the window says that the network is away. A silent server is given up after 10 s. */
const SAY_MILLISECONDS = { gone: 30_000, silent: 45_000 } as const;
const FLAP_MILLISECONDS = 1000;
const QUIT_MILLISECONDS = 5000;

/** Machines with each kind of disk in their windows, over one server that can stop answering. */
export class Outages implements AsyncDisposable {
  readonly #desktop: Desktop;
  readonly #server: FaultServer;
  readonly #random: () => number;
  #machines: readonly WorkingMachine[] = [];

  private constructor(desktop: Desktop, server: FaultServer, seed: number) {
    this.#desktop = desktop;
    this.#server = server;
    this.#random = seeded(seed);
  }

  /** Opens the machines and waits for their guests. */
  static async prepare(seed: number): Promise<Outages> {
    const desktop = await Desktop.prepare();
    for (const kind of diskKinds) await packDemoOn(kind, desktop.folder);
    const server = await startFaultServer({ files: folderFiles(desktop.folder) });
    const outages = new Outages(desktop, server, seed);
    try {
      const opened = diskKinds.map((kind) => {
        return WorkingMachine.open(kind, `${server.origin}/${kind}.nxpk`, desktop);
      });
      outages.#machines = await Promise.all(opened);
    } catch (error) {
      await outages[Symbol.asyncDispose]();
      throw error;
    }
    return outages;
  }

  get machines(): readonly WorkingMachine[] {
    return this.#machines;
  }

  /** One of the two, by the seed. */
  chooseManner(): Manner {
    return this.#random() < 0.5 ? 'gone' : 'silent';
  }

  /**
   * The server stops answering while all guests work, for so long, or longer until all guests have
   * needed it. All the time each is paused, its window says so and can be used; afterwards all go on.
   *
   * @returns bytes that were read back and were right
   * @throws AssertionError for a wrong byte or anything in a guest's log; Error for what did not happen
   */
  async endure(milliseconds: number, manner: Manner): Promise<number> {
    for (const machine of this.#machines) machine.begin(this.#nextSeed());
    await sleep(WORK_MILLISECONDS * (1 + this.#random()));
    await this.#goAway(manner);
    const end = performance.now() + milliseconds;
    do await this.#suffer(manner);
    while (performance.now() < end);
    await this.#comeBack();
    return this.#finish();
  }

  /**
   * The server comes and goes every second while all guests work.
   *
   * @returns bytes that were read back and were right
   * @throws AssertionError for a wrong byte or anything in a guest's log; Error for what did not happen
   */
  async flap(times: number): Promise<number> {
    for (const machine of this.#machines) machine.begin(this.#nextSeed());
    for (let time = 0; time < times; time++) {
      await this.#goAway('gone');
      await sleep(FLAP_MILLISECONDS);
      await this.#comeBack();
      await sleep(FLAP_MILLISECONDS);
    }
    return this.#finish();
  }

  /** Closes all machines, the last one in the middle of an outage: within 5 s nothing is left. */
  async quit(): Promise<void> {
    const [last, ...others] = this.#machines;
    for (const machine of others) await machine.quit();
    last?.begin(this.#nextSeed());
    await sleep(WORK_MILLISECONDS);
    await this.#goAway('gone');
    await last?.isPaused();
    const milliseconds = (await last?.quit()) ?? 0;
    assert.ok(milliseconds < QUIT_MILLISECONDS, `${milliseconds} ms`);
    assert.deepEqual(await this.#desktop.remains(), []);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await endPrograms();
    await this.#server[Symbol.asyncDispose]();
    await this.#desktop[Symbol.asyncDispose]();
  }

  #nextSeed(): number {
    return Math.floor(this.#random() * 2 ** 31);
  }

  /** Waits until all guests go on and have ended what they do; returns the bytes that were right. */
  async #finish(): Promise<number> {
    await Promise.all(this.#machines.map((machine) => machine.goesOn()));
    const works = await Promise.all(this.#machines.map((machine) => machine.finish()));
    return works.reduce((total, { bytesVerified }) => total + bytesVerified, 0);
  }

  async #goAway(manner: Manner): Promise<void> {
    if (manner === 'gone') await this.#server.goDown();
    else this.#server.freeze();
  }

  async #comeBack(): Promise<void> {
    this.#server.thaw();
    await this.#server.comeUp();
  }

  /** What a user sees of an outage. */
  async #suffer(manner: Manner): Promise<void> {
    const limit = SAY_MILLISECONDS[manner];
    const told = await Promise.all(
      this.#machines.map(async (machine) => {
        await machine.isPaused();
        return { machine, first: await machine.saysSo(limit) };
      }),
    );
    // One after the other: an open menu has the pointer to itself.
    for (const { machine } of told) await machine.use();
    await Promise.all(told.map(({ machine, first }) => machine.triesOn(first, limit)));
  }
}
