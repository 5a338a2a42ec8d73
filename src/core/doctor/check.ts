import type { Capacity } from '../machine/index.js';
import type { Environment } from '../places/index.js';
import type { Distribution } from './distribution.js';

/**
 * `good`: nothing to do. `warning`: machines run, but worse than they could. `bad`: machines do not
 * run. `unknown`: it could not be found out, and nothing depends on it alone.
 */
export type State = 'good' | 'warning' | 'bad' | 'unknown';

/** What a check found; all texts are whole sentences for people. */
export interface Finding {
  readonly state: State;
  readonly found: string;
  /** What follows from it for machines. */
  readonly meaning: string;
  /** What to do; null where there is nothing. */
  readonly advice: string | null;
}

/** The computer and the account that are examined. */
export interface Host {
  readonly environment: Environment;
  /** The number of the account; 0 is root. */
  readonly userId: number;
  /** Where the system's files are: `/`. */
  readonly root: string;
  readonly distribution: Distribution;
  /** What it gives to one machine. */
  readonly capacity: Capacity;
  /** A script for Node that tries one part of the window, which is its argument; 0: it works. */
  readonly windowTrial: string;
}

/** One thing that is looked at. */
export interface Check {
  /** Stable, kebab-case. */
  readonly id: string;
  /** A few words for people. */
  readonly title: string;
  /** Without it no machine runs. */
  readonly needed: boolean;
  /**
   * Leaves nothing of its own behind, also when it is aborted or fails. What it throws is no finding.
   *
   * @param signal ends it when it takes too long, or nobody wants to know any more
   */
  examine(host: Host, signal: AbortSignal): Promise<Finding>;
}

export function good(found: string, meaning: string): Finding {
  return { state: 'good', found, meaning, advice: null };
}

export function warning(found: string, meaning: string, advice: string | null): Finding {
  return { state: 'warning', found, meaning, advice };
}

export function bad(found: string, meaning: string, advice: string | null): Finding {
  return { state: 'bad', found, meaning, advice };
}

export function unknown(found: string, meaning: string): Finding {
  return { state: 'unknown', found, meaning, advice: null };
}
