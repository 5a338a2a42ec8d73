import assert from 'node:assert/strict';
import { readFile, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { SessionProcess } from '../../core/session/support/session-process.js';
import { startDelayProxy, type DelayProxy } from '../../support/delay-proxy.js';
import {
  bytesFile,
  startFaultServer,
  type FaultServer,
  type ServedFile,
} from '../../support/fault-server/index.js';
import type { ScreenReader } from '../../support/screen-reading.js';
import { until } from '../../support/wait.js';
import type { Desktop } from './desktop.js';
import { nothingIsLeft, ResumedGuest } from './resumed-guest.js';
import type { SuspendedGuest } from './suspended-guest.js';

const WAITING = 'Waiting for the network since ';
/** A silent server is given up after 10 s. */
const SAY_MILLISECONDS = 30_000;
/** What came before it hung is waited for, then QEMU for 20 s, and the guest boots. */
const HANGING_MILLISECONDS = 60_000;
const ROUND_TRIP_MILLISECONDS = 20;
const GONE_MILLISECONDS = 5000;

/** How the network is away. */
export interface Outage {
  /** Nothing is answered any more, or connecting is refused at once. */
  readonly kind: 'silent' | 'refused';
  readonly milliseconds: number;
}

/** A package of a suspended machine, each time at an address from which nothing was fetched yet. */
export class SlowResumes implements AsyncDisposable {
  readonly #file: ServedFile;
  readonly #server: FaultServer;
  readonly #proxy: DelayProxy;
  /** How long the link takes for the memory. */
  readonly #milliseconds: number;
  #served = 0;

  private constructor(bytes: Buffer, server: FaultServer, proxy: DelayProxy, milliseconds: number) {
    const version = { etag: '"one"', lastModified: new Date('2015-01-01T00:00:00Z') };
    this.#file = bytesFile(bytes, version);
    this.#server = server;
    this.#proxy = proxy;
    this.#milliseconds = milliseconds;
  }

  /**
   * @param memory path of the memory that is in the package
   * @param milliseconds how long the link takes for that memory
   */
  static async prepare(path: string, memory: string, milliseconds: number): Promise<SlowResumes> {
    const bytes = await readFile(path);
    const { size: memoryBytes } = await stat(memory);
    const server = await startFaultServer({ files: {} });
    const proxy = await startDelayProxy({
      port: server.port,
      roundTripMilliseconds: ROUND_TRIP_MILLISECONDS,
      bitsPerSecond: (memoryBytes * 8000) / milliseconds,
    });
    return new SlowResumes(bytes, server, proxy, milliseconds);
  }

  /**
   * Gives resumes up, each at a moment from the beginning of loading to a little after its end.
   *
   * @param random numbers in [0, 1)
   * @throws AssertionError for what is left 5 s later
   */
  async cancel(moments: number, random: () => number, desktop: Desktop): Promise<void> {
    await using session = new SessionProcess(desktop.environment);
    const own = `process ${session.pid}: `;
    for (let moment = 0; moment < moments; moment++) {
      session.open(this.#newUrl());
      await session.reach('loading');
      const wait = Math.floor(random() * 1.2 * this.#milliseconds);
      await sleep(wait);
      const words = `given up ${wait} ms after the beginning, ${session.place ?? ''}`;
      const end = performance.now() + GONE_MILLISECONDS;
      await session.ask('close');
      let left: readonly string[] = [];
      const isGone = async (): Promise<boolean> => {
        left = (await desktop.remains()).filter((one) => !one.startsWith(own));
        return left.length === 0;
      };
      await until('nothing is left', isGone, end - performance.now()).catch(() => undefined);
      assert.deepEqual(left, [], words);
      assert.deepEqual([session.last?.place, session.last?.how], ['ended', 'closed'], words);
    }
  }

  /**
   * Has QEMU hang in the middle of a resume. The link must take longer than a virtual machine takes to
   * be there.
   *
   * @returns after how many milliseconds the machine boots instead
   * @throws AssertionError where it does not, or something is left when that is given up
   */
  async hang(desktop: Desktop): Promise<number> {
    await using session = new SessionProcess(desktop.environment);
    session.open(this.#newUrl());
    await session.reach('loading');
    await sleep(this.#milliseconds / 2);
    const processes = await desktop.processes();
    const qemu = processes.find(({ words }) => words.includes('qemu-system'));
    assert.ok(qemu !== undefined);
    const begin = performance.now();
    process.kill(qemu.pid, 'SIGSTOP');
    await session.rest('running', HANGING_MILLISECONDS);
    const milliseconds = performance.now() - begin;
    assert.equal(session.last?.refused, 'memory-not-loaded');
    await session.ask('close');
    await session.kill();
    await nothingIsLeft(desktop);
    return milliseconds;
  }

  /**
   * Has the network go away in the middle of a resume, which the window says, and come back. The link
   * must take longer than a virtual machine takes to be there.
   *
   * @throws AssertionError for a guest that does not go on from where it was
   */
  async endure(
    { kind, milliseconds }: Outage,
    guest: SuspendedGuest,
    desktop: Desktop,
    reader: ScreenReader,
  ): Promise<void> {
    const resumed = await ResumedGuest.open(this.#newUrl(), desktop, reader);
    const isWaiting = async (): Promise<boolean> =>
      (await resumed.window.elements()).some(({ name }) => name.startsWith(WAITING));
    await (kind === 'silent' ? this.#proxy.cut() : this.#server.goDown());
    const end = performance.now() + milliseconds;
    await until('the window says so', isWaiting, SAY_MILLISECONDS);
    await sleep(Math.max(0, end - performance.now()));
    assert.ok(await isWaiting(), 'the window says so to the end');
    await (kind === 'silent' ? this.#proxy.restore('reset') : this.#server.comeUp());
    await resumed.goesOn(guest, this.#milliseconds + SAY_MILLISECONDS);
    await until('the window says no more', async () => !(await isWaiting()));
    await resumed.quit();
    await nothingIsLeft(desktop);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#proxy.stop();
    await this.#server.stop();
  }

  #newUrl(): string {
    const path = `/${++this.#served}.nxpk`;
    this.#server.replace(path, this.#file);
    return `${this.#proxy.origin}${path}`;
  }
}
