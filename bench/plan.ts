/** A link between the server and the subjects. */
export interface LinkShape {
  readonly roundTripMilliseconds: number;
  readonly megabitsPerSecond: number;
}

/** How much is measured. */
export interface Plan {
  readonly imageBytes: number;
  readonly runs: number;
  readonly links: readonly LinkShape[];
  /** Of a sequential read over loopback, and over a link. */
  readonly sequentialBytes: { readonly loopback: number; readonly link: number };
  /** The longest that a run may take, in milliseconds: a slow subject just does less. */
  readonly limits: {
    readonly loopback: number;
    readonly sequentialOverLink: number;
    readonly randomOverLink: number;
    readonly warm: number;
  };
  /** Random reads of a cold run over loopback, at each queue depth. */
  readonly randomReads: number;
  /** Of the image, for reads of what is there already. */
  readonly warmBytes: number;
  /** For a run's writes, each to blocks that nobody wrote before. */
  readonly writeBytes: number;
}

const MEBIBYTE = 2 ** 20;

/** As the document has it: within a quarter of an hour on two idle cores. */
export const FULL: Plan = {
  imageBytes: 512 * MEBIBYTE,
  runs: 5,
  links: [
    { roundTripMilliseconds: 20, megabitsPerSecond: 100 },
    { roundTripMilliseconds: 50, megabitsPerSecond: 100 },
  ],
  sequentialBytes: { loopback: 256 * MEBIBYTE, link: 36 * MEBIBYTE },
  limits: { loopback: 3000, sequentialOverLink: 3500, randomOverLink: 1000, warm: 300 },
  randomReads: 400,
  warmBytes: 64 * MEBIBYTE,
  writeBytes: 24 * MEBIBYTE,
};

/** Shows within two minutes that everything works; its numbers are coarse. */
export const QUICK: Plan = {
  imageBytes: 96 * MEBIBYTE,
  runs: 2,
  links: [{ roundTripMilliseconds: 20, megabitsPerSecond: 100 }],
  sequentialBytes: { loopback: 64 * MEBIBYTE, link: 8 * MEBIBYTE },
  limits: { loopback: 500, sequentialOverLink: 900, randomOverLink: 400, warm: 100 },
  randomReads: 100,
  warmBytes: 32 * MEBIBYTE,
  writeBytes: 8 * MEBIBYTE,
};
