import type { Target } from '../fio.js';

/**
 * What a subject is set up for. Ours has one configuration; each of the others gets, for each kind of
 * rows, the options that its documentation has for it and that did best.
 */
export type Purpose = 'sequential, unthrottled' | 'sequential, over a link' | 'random' | 'warm';

export const PURPOSES: readonly Purpose[] = [
  'sequential, unthrottled',
  'sequential, over a link',
  'random',
  'warm',
];

/** What a subject is given. */
export interface Place {
  /** Of the web server, or of the slow link to it. */
  readonly origin: string;
  /** The image itself, for the raw file. */
  readonly imagePath: string;
  /** Empty, on a disk, for the subject alone. */
  readonly folder: string;
}

/** The names under which the web server has them. */
export const IMAGE_NAME = 'disk.img';
export const PACKAGE_NAME = 'machine.nxpk';

/** A subject that is ready to be read. */
export interface Session {
  readonly target: Target;
  /** The process whose descendants keep what was fetched; null where there is none. */
  readonly pid: number | null;
  end(): Promise<void>;
}

export interface Subject {
  readonly name: string;
  /** Whether the kernel's page cache lies before it: not so over NBD. */
  readonly hasPageCache: boolean;
  readonly fetches: boolean;
  readonly writable: boolean;
  /** A program that has to be installed; null for none. */
  readonly needs: string | null;
  start(place: Place, purpose: Purpose, signal: AbortSignal): Promise<Session>;
  /** Its commands for the document, with `FOLDER` and `URL` in place of real ones. */
  commands(purpose: Purpose): readonly string[];
}

/** For a subject's start, also over the slowest link. */
export const START_MILLISECONDS = 10_000;
