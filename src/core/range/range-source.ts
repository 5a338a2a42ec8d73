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

/**
 * Takes the next bytes of a range; they belong to whoever takes them. A promise is back-pressure:
 * nothing more comes before it is fulfilled, and where it is rejected the reading ends with that.
 */
export type ByteReceiver = (bytes: Uint8Array) => Promise<void> | null;

/** A source that hands its bytes over while they come. */
export interface StreamingSource extends RangeSource {
  /**
   * Reads exactly `[offset, offset + length)` and hands the bytes over in order as they come, only
   * after it is certain that they are the wanted ones. What was handed over stays valid when the
   * promise is rejected: a connection that broke in the middle can be gone on with from there.
   * Tries once; whoever wants more tries again.
   *
   * @throws VmnetxError like {@link RangeSource.read}; what `onBytes` throws
   */
  stream(offset: number, length: number, onBytes: ByteReceiver, signal: AbortSignal): Promise<void>;
}
