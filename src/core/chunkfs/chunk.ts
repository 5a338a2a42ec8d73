/** A chunk of an image by its number. */
export interface ChunkOfImage {
  readonly image: string;
  readonly chunk: number;
}

/** The first time that a reader needed pristine bytes of a chunk. */
export interface Touch extends ChunkOfImage {
  /** Since the mount. */
  readonly microseconds: number;
}

/** Bits of a chunk's state in what {@link ImageMount.takeChanges} returns. */
export const CHUNK_STATE = {
  /** Its bytes are in the store. */
  present: 1,
  /** A reader needed pristine bytes of it in this session. */
  touched: 2,
  /** Something in it was replaced. */
  modified: 4,
  /** It was present when the image was mounted. */
  presentAtMount: 8,
} as const;
