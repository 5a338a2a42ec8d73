import type { StreamingSource } from '../range/index.js';
import type { Access } from './access.js';

/** What tells two versions of a file on a web server apart; null where the server does not say. */
export interface Validators {
  /** The entity tag as it was sent, also a weak one. */
  readonly etag: string | null;
  readonly lastModified: string | null;
}

/** A source as it was opened: pinned to one version of its file. */
export interface OpenedSource extends StreamingSource {
  readonly validators: Validators;
  /** The first bytes of the file, at most {@link HEAD_BYTES}; reads inside are served from here. */
  readonly head: Buffer;
  /** False for a small file that its server sent as a whole and would not send in parts. */
  readonly ranged: boolean;
  /** The session with its servers as it is now, for whoever opens the file once more. */
  access(): Access;
  /** For opening what the file itself names: a public server names no private ones. */
  onwardAccess(): Access;
}

/** How much is read when a file is opened, in bytes: enough for what stands first in a package. */
export const HEAD_BYTES = 256 * 1024;
