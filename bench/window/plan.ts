const MEBIBYTE = 2 ** 20;

interface Repetition {
  /** Before any counts. */
  readonly warmUp: number;
  readonly measured: number;
}

/** How much of the window is measured. */
export interface WindowPlan {
  /** Of redrawing, each idle and under load. */
  readonly runs: number;
  /** Of the disk that is fetched in a run under load. */
  readonly runBytes: number;
  /** With each viewer. */
  readonly presses: { readonly rounds: number; readonly perRound: number };
  /** Of the screen, and to it. */
  readonly updates: Repetition;
  readonly connections: Repetition;
  /** That may stay of 100,000 updates and of 100 connections. */
  readonly mostMebibytes: { readonly ofUpdates: number; readonly ofConnections: number };
}

export const FULL: WindowPlan = {
  runs: 5,
  runBytes: 192 * MEBIBYTE,
  presses: { rounds: 20, perRound: 10 },
  updates: { warmUp: 100_000, measured: 500_000 },
  connections: { warmUp: 10, measured: 50 },
  // Ten bytes of an update: less than anything that could be kept of it. A new display for each
  // connection would be 120 MiB.
  mostMebibytes: { ofUpdates: 1, ofConnections: 10 },
};

/** Shows that everything works; its numbers are coarse. */
export const QUICK: WindowPlan = {
  runs: 2,
  runBytes: 96 * MEBIBYTE,
  presses: { rounds: 3, perRound: 10 },
  updates: { warmUp: 20_000, measured: 40_000 },
  connections: { warmUp: 5, measured: 10 },
  // JavaScript's garbage is not collected within so few.
  mostMebibytes: { ofUpdates: 20, ofConnections: 50 },
};
