/**
 * Bytes that can be read by range: a local file, a file on a web server, or another source behind
 * a layer that retries, coalesces or caches. A source never changes while it is open: a change
 * underneath is an error, never a mixture.
 */
export interface RangeSource {
  /** What a person knows it by: a path or a URL without credentials. */
  readonly label: string;
  /** Total size in bytes. */
  readonly size: number;

  /**
   * Reads exactly `length` bytes at `offset`; the range must lie inside `[0, size)`.
   *
   * @throws VmnetxError `server-…`, `network-…` or `host-…` when the bytes cannot be had.
   */
  read(offset: number, length: number, signal: AbortSignal): Promise<Buffer>;

  /** Gives up connections and descriptors. May be called twice. */
  close(): Promise<void>;
}
