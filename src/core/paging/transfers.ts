import { asVmnetxError, type VmnetxError } from '../errors/index.js';
import type { StreamingSource } from '../range/index.js';
import { backoff } from './backoff.js';
import type { Clock } from './clock.js';
import type { Link } from './link.js';
import type { NetworkWatch } from './network-state.js';
import type { PagedMount } from './paged-mount.js';
import { LEAST_BYTES } from './partial-chunks.js';
import type { Transfer } from './transfer.js';

/** Requests at the same time: enough to fill a fast line over a long distance. */
const PARALLEL = 8;
/** Kept for what readers wait for. */
const KEPT_FOR_DEMAND = 1;
/** The longest range. With fewer, longer ones, one that breaks or is not needed would cost more. */
const LONGEST_RANGE_BYTES = 1024 * 1024;

/**
 * Who had what he wanted often wants something else at once. For so many milliseconds the rest of his
 * chunk waits, which would take the time of the processor if not of the link.
 */
const GRACE = 2;

/** Where transfers come from, the most urgent first. */
export interface TransferQueues {
  /** Whether there may be some for {@link demand}, for {@link remainder}. */
  hasDemand(): boolean;
  hasRemainder(): boolean;
  /** What a reader waits for; `spareBytes`: so much more may be asked for with it. */
  demand(longestBytes: number, spareBytes: number): Transfer | null;
  /** Of the rest of a chunk that a reader waited for, about so much. */
  remainder(spareBytes: number): Transfer | null;
  /** What may be needed; `idle`: there is nothing else to do. */
  ahead(longestBytes: number, idle: boolean): Transfer | null;
  /** It cannot be had, ever. */
  failed(transfer: Transfer, error: VmnetxError): void;
  /** It failed in a way that may heal. */
  retried(transfer: Transfer, error: VmnetxError): void;
}

interface Options {
  readonly source: StreamingSource;
  readonly queues: TransferQueues;
  readonly network: NetworkWatch;
  readonly link: Link;
  readonly clock: Clock;
  readonly random: () => number;
  readonly stop: AbortSignal;
}

/** What is under way. */
interface Load {
  /** Readers' requests that have brought nothing yet. */
  readonly unanswered: number;
  /** Bytes to come of what readers asked for, and of the rest of those chunks. */
  readonly demanded: number;
  /** Bytes to come of what nobody asked for. */
  readonly ahead: number;
}

/** Between a failure and the next try. */
interface Pause {
  over: boolean;
}

/**
 * Runs transfers: so many at a time, the most urgent first, and again after a failure that may heal.
 * While the network is away, only one is tried, now and then.
 */
export class Transfers {
  readonly #options: Options;
  readonly #mount: PagedMount;
  readonly #active = new Set<Transfer>();
  /** Failed, and to be tried again. */
  readonly #paused = new Map<Transfer, Pause>();
  #probe: Transfer | null = null;
  /** In the clock's milliseconds. */
  #graceUntil = 0;
  #inGrace = false;
  #requests = 0;
  #retries = 0;
  #bytesDelivered = 0;

  constructor(mount: PagedMount, options: Options) {
    this.#mount = mount;
    this.#options = options;
  }

  get requests(): number {
    return this.#requests;
  }

  get retries(): number {
    return this.#retries;
  }

  get bytesDelivered(): number {
    return this.#bytesDelivered;
  }

  /** Begins whatever can begin now. */
  pump(): void {
    while (!this.#options.stop.aborted) {
      const transfer = this.#next();
      if (transfer === null) return;
      void this.#run(transfer);
    }
  }

  /** A reader waits for it from now on: it does not wait for its next try. */
  hurry(transfer: Transfer): void {
    const pause = this.#paused.get(transfer);
    if (pause !== undefined && !this.#options.network.state.away) pause.over = true;
  }

  /** Aborts it, whatever it does. */
  abort(transfer: Transfer): void {
    transfer.abort();
    this.#paused.delete(transfer);
  }

  abortAll(): void {
    for (const transfer of [...this.#active, ...this.#paused.keys()]) this.abort(transfer);
  }

  #next(): Transfer | null {
    const { network } = this.#options;
    if (this.#active.size >= PARALLEL) return null;
    if (network.state.away) return this.#nextProbe();
    const demand = this.#nextPaused(true) ?? this.#nextDemand();
    if (demand !== null || this.#active.size >= PARALLEL - KEPT_FOR_DEMAND) return demand;
    const begun = this.#nextPaused(false);
    // What failed and is not healed keeps others from failing, too.
    if (begun !== null || this.#active.size + this.#paused.size >= PARALLEL - KEPT_FOR_DEMAND) {
      return begun;
    }
    return this.#nextRemainder() ?? this.#nextAhead();
  }

  #nextRemainder(): Transfer | null {
    const { queues, clock } = this.#options;
    if (!queues.hasRemainder()) return null;
    const load = this.#load();
    if (load.unanswered === 0 && clock.now() < this.#graceUntil) {
      void this.#pumpAfterGrace();
      return null;
    }
    return queues.remainder(this.#spareBytes(load));
  }

  async #pumpAfterGrace(): Promise<void> {
    const { clock, stop } = this.#options;
    if (this.#inGrace) return;
    this.#inGrace = true;
    try {
      for (let left = GRACE; left > 0; left = this.#graceUntil - clock.now()) {
        await clock.sleep(left, stop);
      }
    } catch {
      return;
    } finally {
      this.#inGrace = false;
    }
    this.pump();
  }

  #nextDemand(): Transfer | null {
    const { queues } = this.#options;
    if (!queues.hasDemand()) return null;
    const load = this.#load();
    const spare = this.#spareBytes({ ...load, unanswered: load.unanswered + 1 });
    return queues.demand(LONGEST_RANGE_BYTES, spare);
  }

  #load(): Load {
    let [unanswered, demanded, ahead] = [0, 0, 0];
    for (const transfer of this.#active) {
      if (transfer.forDemand) demanded += transfer.remaining;
      else ahead += transfer.remaining;
      if (!transfer.isAnswered && transfer.wantedSince !== null) unanswered++;
    }
    return { unanswered, demanded, ahead };
  }

  /** How much of what nobody waits for may be asked for now. */
  #spareBytes({ unanswered, demanded, ahead }: Load): number {
    // What is fetched ahead comes after the rest of what was wanted, but delays who waits now.
    const underWay = unanswered > 0 ? demanded + ahead : demanded;
    const spare = this.#options.link.spare(unanswered, underWay);
    return unanswered + underWay === 0 ? Math.max(spare, LEAST_BYTES) : spare;
  }

  #nextAhead(): Transfer | null {
    const { room } = this.#options.link;
    let underWay = 0;
    for (const { forDemand, remaining } of this.#active) if (!forDemand) underWay += remaining;
    if (underWay >= room) return null;
    const idle = this.#active.size + this.#paused.size === 0;
    return this.#options.queues.ahead(Math.min(room, LONGEST_RANGE_BYTES), idle);
  }

  /** What failed and may be tried again now, whoever waits longest first. */
  #nextPaused(wanted: boolean): Transfer | null {
    if (this.#paused.size === 0) return null;
    const ready: Transfer[] = [];
    for (const [transfer, { over }] of this.#paused) if (over) ready.push(transfer);
    return wanted ? longestWaiting(ready) : (ready[0] ?? null);
  }

  /** The network is away: one try at a time, for the reader who waits longest. */
  #nextProbe(): Transfer | null {
    if (this.#probe !== null && this.#active.has(this.#probe)) return null;
    const oldest = longestWaiting(this.#paused.keys());
    if (oldest !== null && this.#paused.get(oldest)?.over === false) return null;
    this.#probe = oldest ?? this.#nextDemand();
    return this.#probe;
  }

  async #run(transfer: Transfer): Promise<void> {
    const { source, link, clock } = this.#options;
    this.#paused.delete(transfer);
    this.#active.add(transfer);
    link.ask(transfer.remaining);
    this.#requests++;
    if (transfer.tries > 0) this.#retries++;
    const since = clock.now();
    const isWanted = transfer.wantedSince !== null;
    let failure: VmnetxError | null = null;
    try {
      await transfer.attempt(source, this.#mount, (length, first) => {
        this.#bytesDelivered += length;
        if (first) link.begin(clock.now() - since, length);
        else link.add(length);
        if (first && isWanted) this.#graceUntil = clock.now() + GRACE;
        if (transfer.cameForward) this.#answered();
      });
    } catch (error) {
      failure = asVmnetxError(error);
    }
    this.#active.delete(transfer);
    if (transfer.isAnswered) link.end();
    if (failure !== null && !transfer.isAborted) this.#failed(transfer, failure);
    this.pump();
  }

  #answered(): void {
    if (!this.#options.network.answered()) return;
    for (const pause of this.#paused.values()) pause.over = true;
    this.pump();
  }

  #failed(transfer: Transfer, error: VmnetxError): void {
    const { network, queues, random } = this.#options;
    if (!canHeal(error)) {
      queues.failed(transfer, error);
      this.#answered();
      return;
    }
    transfer.countFailure();
    queues.retried(transfer, error);
    if (transfer.wantedSince !== null) network.failed(error, transfer.tries > 1);
    void this.#pause(transfer, Math.max(backoff(transfer.tries, random), error.retryAfter ?? 0));
  }

  async #pause(transfer: Transfer, milliseconds: number): Promise<void> {
    const pause: Pause = { over: false };
    this.#paused.set(transfer, pause);
    try {
      await this.#options.clock.sleep(milliseconds, this.#options.stop);
    } catch {
      return;
    }
    pause.over = true;
    this.pump();
  }
}

/**
 * Only the way and the server come back; what this computer's own disk does not give is lost. The server
 * had a good certificate and lay in no forbidden network before: another one is that of somebody in
 * between, a train's portal.
 */
function canHeal({ code, retryable }: VmnetxError): boolean {
  const isFar = code.startsWith('network-') || code.startsWith('server-');
  const isBetween = code === 'network-tls' || code === 'network-private-address';
  return isFar && (retryable || isBetween);
}

function longestWaiting(transfers: Iterable<Transfer>): Transfer | null {
  let longest: Transfer | null = null;
  let since = Infinity;
  for (const transfer of transfers) {
    const wantedSince = transfer.wantedSince ?? Infinity;
    if (wantedSince >= since) continue;
    longest = transfer;
    since = wantedSince;
  }
  return longest;
}
