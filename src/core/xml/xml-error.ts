/** Why XML was refused. */
export type XmlErrorReason =
  | 'too-large'
  | 'encoding'
  | 'character'
  | 'doctype'
  | 'cdata'
  | 'processing-instruction'
  | 'entity'
  | 'not-well-formed'
  | 'duplicate-attribute'
  | 'namespace'
  | 'too-deep'
  | 'too-many-elements'
  | 'too-many-attributes';

/**
 * XML that is not accepted. Callers turn it into an error of their own catalogue entry; `message`
 * is a fragment that fits into its sentence ("line 3: a DOCTYPE is not allowed").
 */
export class XmlError extends Error {
  override readonly name = 'XmlError';
  readonly reason: XmlErrorReason;
  /** The element in question ("/domain/devices/disk[2]"), or null where there is none yet. */
  readonly path: string | null;
  /** Line, from 1, or null where it is not known. */
  readonly line: number | null;

  constructor(reason: XmlErrorReason, what: string, place: { path?: string; line?: number } = {}) {
    const where = place.path ?? (place.line === undefined ? null : `line ${place.line}`);
    super(where === null ? what : `${where}: ${what}`);
    this.reason = reason;
    this.path = place.path ?? null;
    this.line = place.line ?? null;
  }
}
