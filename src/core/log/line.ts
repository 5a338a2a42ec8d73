import { escapeText } from '../text/index.js';
import type { Level } from './level.js';
import { MAX_LINE_BYTES, MAX_TEXT_LENGTH } from './limits.js';
import { localTime } from './local-time.js';
import { withoutSecrets } from './without-secrets.js';

/** Who an entry comes from. */
export type Part = 'window' | 'mount' | 'vmnetfs' | 'libvirt' | 'qemu';

export type LogValue = string | number | boolean | null;

/** What belongs to an entry, by name. */
export type LogValues = Readonly<Record<string, LogValue>>;

export interface Entry {
  readonly part: Part;
  readonly level: Level;
  readonly text: string;
  readonly values: LogValues;
}

const CUT = Buffer.from('…\n');

/**
 * An entry as a line of the log with its end: `TIME PART LEVEL TEXT NAME=VALUE …`. Here, and nowhere
 * else, everything is cleaned that goes into a log.
 */
export function lineOf({ part, level, text, values }: Entry, date: Date): Buffer {
  const words = [clean(text)];
  for (const [name, value] of Object.entries(values)) words.push(`${name}=${valueText(value)}`);
  const line = Buffer.from(`${localTime(date)} ${part} ${level} ${words.join(' ')}\n`);
  return line.length <= MAX_LINE_BYTES ? line : cut(line);
}

function valueText(value: LogValue): string {
  if (typeof value !== 'string') return String(value);
  const cleaned = clean(value);
  return /^[\w.,:;/+@%…?#~-]+$/.test(cleaned)
    ? cleaned
    : `"${cleaned.replaceAll(/["\\]/g, '\\$&')}"`;
}

function clean(text: string): string {
  // The word at the cut goes, too: the part of an address that would tell its secrets may be missing.
  const whole = text.length <= MAX_TEXT_LENGTH;
  const read = whole ? text : `${beforeLastSpace(text.slice(0, MAX_TEXT_LENGTH))}…`;
  return escapeText(withoutSecrets(read));
}

function beforeLastSpace(text: string): string {
  let end = text.length;
  while (end > 0 && !/\s/.test(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}

function cut(line: Buffer): Buffer {
  let end = MAX_LINE_BYTES - CUT.length;
  // Not within a character: its further bytes are 10xxxxxx.
  while (((line[end] ?? 0) & 0xc0) === 0x80) end--;
  return Buffer.concat([line.subarray(0, end), CUT]);
}
