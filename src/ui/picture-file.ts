import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cleanText } from '../core/text/index.js';
import { translate } from './translate.js';

const LONGEST_NAME = 80;
/** What is no part of a file's name somewhere, or means something to a shell or a file manager. */
const NOT_IN_NAMES = /[\\/:*?"<>|]/g;
const WITHOUT_NAME = translate('Machine');

/**
 * The path of a new picture of a machine: its name, and when it was taken, in local time. A file that is
 * there already is not named.
 *
 * @param machine the machine's name: text from a stranger
 */
export function picturePath(folder: string, machine: string, taken: Date): string {
  const cleaned = cleanText(machine.replaceAll(NOT_IN_NAMES, ' '), LONGEST_NAME);
  // What begins with a dot would be hidden.
  const name = cleaned.replace(/^[\s.]+/, '').trim();
  const stem = `${name === '' ? WITHOUT_NAME : name} ${dateOf(taken)} ${timeOf(taken)}`;
  for (let number = 1; ; number++) {
    const path = join(folder, `${stem}${number === 1 ? '' : ` ${number}`}.png`);
    if (!existsSync(path)) return path;
  }
}

function dateOf(date: Date): string {
  return [date.getFullYear(), date.getMonth() + 1, date.getDate()].map(twoDigits).join('-');
}

/** With hyphens, because some file systems take no colons. */
function timeOf(date: Date): string {
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map(twoDigits).join('-');
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}
