/** How long a server may take, in milliseconds of monotonic time. */
export interface HttpTimeouts {
  /** To the end of the TLS handshake. */
  readonly connect: number;
  /** From the request to the end of the headers. */
  readonly headers: number;
  /** Between two pieces of a body. */
  readonly stall: number;
  /** In so long, at least {@link SLOWEST_BYTES} of a body have to come, or all that is left. */
  readonly slow: number;
  /** The first pause before a request is tried again; the next one is three times as long. */
  readonly retry: number;
}

export const DEFAULT_TIMEOUTS: HttpTimeouts = {
  connect: 10_000,
  headers: 15_000,
  stall: 10_000,
  slow: 30_000,
  retry: 250,
};

/** Less than this in {@link HttpTimeouts.slow} helps nobody: a modem of 1990 was faster. */
export const SLOWEST_BYTES = 1024;
