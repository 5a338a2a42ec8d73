/** Bytes of one chunk of an image of format 1; the last one may be shorter. */
export const CHUNK_BYTES = 128 * 1024;

/** A place in the package, in bytes. */
export interface ByteRange {
  readonly offset: number;
  readonly length: number;
}

/** Where the chunks of an image lie that is stored in one piece (format 1). */
export interface FlatLayout {
  readonly sizeBytes: number;
  readonly chunkBytes: number;
  readonly chunkCount: number;

  /** @throws RangeError for a number outside of `[0, chunkCount)` */
  range(chunk: number): ByteRange;
}

/** @param image where the image lies in the package */
export function flatLayout(image: ByteRange): FlatLayout {
  const sizeBytes = image.length;
  const chunkCount = Math.ceil(sizeBytes / CHUNK_BYTES);
  return {
    sizeBytes,
    chunkBytes: CHUNK_BYTES,
    chunkCount,
    range(chunk) {
      if (!Number.isInteger(chunk) || chunk < 0 || chunk >= chunkCount) {
        throw new RangeError(`There is no chunk ${chunk}: the image has ${chunkCount}`);
      }
      const start = chunk * CHUNK_BYTES;
      return { offset: image.offset + start, length: Math.min(CHUNK_BYTES, sizeBytes - start) };
    },
  };
}
