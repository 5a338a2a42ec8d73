import { localeOfTexts, translate, translatePlural } from '../translate.js';

const KILO = 1000;
const UNITS = ['kB', 'MB', 'GB', 'TB'];

/** With a decimal below ten, so that it says about as much whatever the unit is. */
export function sizeWords(bytes: number): string {
  if (bytes < KILO) return translatePlural('{count} byte', '{count} bytes', Math.floor(bytes));
  const rank = Math.min(UNITS.length, Math.floor(Math.log10(bytes) / 3));
  return `${shortNumber(bytes / KILO ** rank)} ${UNITS[rank - 1] ?? ''}`;
}

export function rateWords(bytesPerSecond: number): string {
  return translate('{size}/s', { size: sizeWords(bytesPerSecond) });
}

export function millisecondsWords(milliseconds: number): string {
  return translate('{count} ms', { count: shortNumber(milliseconds) });
}

/** A part of something, never more than it is: all of it is 100%, and nothing else. */
export function percentWords(share: number): string {
  return translate('{count}%', { count: shortNumber(100 * share) });
}

export function countWords(count: number): string {
  return count.toLocaleString(localeOfTexts());
}

function shortNumber(value: number): string {
  const scale = value < 10 ? 10 : 1;
  return (Math.floor(value * scale) / scale).toLocaleString(localeOfTexts());
}
