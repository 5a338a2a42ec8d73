const PREFIX = 'base64 ';

/** Bytes as a person can copy them. */
export function toShown(bytes: Buffer): string {
  return `${PREFIX}${bytes.toString('base64')}`;
}

export function fromShown(shown: string): Buffer {
  return Buffer.from(shown.slice(PREFIX.length), 'base64');
}

/** Whether these were bytes. */
export function isShownBytes(shown: string): boolean {
  return shown.startsWith(PREFIX);
}
