import { readFileSync, writeSync } from 'node:fs';

const LENGTH_DIGITS = 10;

/** Notes which input comes next, so that it is known whatever becomes of this process. */
export function noteCase(file: number, shown: string): void {
  const text = Buffer.from(shown);
  const length = Buffer.from(String(text.length).padStart(LENGTH_DIGITS));
  writeSync(file, Buffer.concat([length, text]), 0, undefined, 0);
}

/** The input that was noted last; empty if none was. */
export function readCase(path: string): string {
  const bytes = readFileSync(path);
  const length = Number(bytes.toString('latin1', 0, LENGTH_DIGITS));
  return bytes.toString('utf8', LENGTH_DIGITS, LENGTH_DIGITS + length);
}
