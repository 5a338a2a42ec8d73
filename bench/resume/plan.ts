import type { LinkShape } from '../plan.js';

/** How much of resuming is measured. */
export interface ResumePlan {
  readonly runs: number;
  /** In the guest's memory, besides what its system takes. */
  readonly content: { readonly incompressibleMebibytes: number };
  readonly links: readonly LinkShape[];
}

export const FULL: ResumePlan = {
  runs: 5,
  content: { incompressibleMebibytes: 48 },
  links: [
    { roundTripMilliseconds: 20, megabitsPerSecond: 100 },
    { roundTripMilliseconds: 50, megabitsPerSecond: 100 },
  ],
};

/** Shows that everything works; its numbers are coarse. */
export const QUICK: ResumePlan = {
  runs: 1,
  content: { incompressibleMebibytes: 8 },
  links: [{ roundTripMilliseconds: 20, megabitsPerSecond: 100 }],
};
