import { fail, type VmnetxError } from '../errors/index.js';

/** So many crashes within this time are no accident any more. */
const MANY = 3;
const SPAN_MILLISECONDS = 5 * 60_000;

/** Remembers when a machine crashed, so that one that always does is not started for ever. */
export class CrashHistory {
  readonly #now: () => number;
  #crashes: readonly number[] = [];

  /** @param now monotonic milliseconds */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** The error to tell in place of one that ended a run: the same, unless it is one crash too many. */
  judge(error: VmnetxError): VmnetxError {
    if (error.code !== 'host-machine-stopped') return error;
    const now = this.#now();
    const recent = this.#crashes.filter((crash) => now - crash < SPAN_MILLISECONDS);
    this.#crashes = [...recent, now];
    if (this.#crashes.length < MANY) return error;
    const context = { cause: error, ...(error.detail === null ? {} : { detail: error.detail }) };
    return fail('host-machine-keeps-stopping', { times: this.#crashes.length }, context);
  }
}
