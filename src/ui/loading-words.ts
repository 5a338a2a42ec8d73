import type { Loaded } from '../core/session/index.js';
import { localeOfTexts, translate, translatePlural } from './translate.js';

const KILO = 1000;
const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;
/** From here on a whole number would stand still for too long: it gets a decimal. */
const GIGA_RANK = 3;

/** How much of something is there, and how long the rest takes where that is known. */
export function loadingWords({ done, total, secondsLeft }: Loaded): string {
  const sizes = translate('{done} of {total}', {
    done: sizeAs(done, total),
    total: sizeAs(total, total),
  });
  if (secondsLeft === null) return sizes;
  return translate('{sizes} — {left}', { sizes, left: timeLeft(secondsLeft) });
}

/** In the unit in which the whole is best said, so that the two can be compared. */
function sizeAs(bytes: number, whole: number): string {
  const fitting = whole < KILO ? 0 : Math.floor(Math.log10(whole) / 3);
  const rank = Math.min(fitting, UNITS.length - 1);
  const unit = UNITS[rank] ?? 'byte';
  const digits = rank < GIGA_RANK ? 0 : 1;
  const size = new Intl.NumberFormat(localeOfTexts(), {
    style: 'unit',
    unit,
    unitDisplay: unit === 'byte' ? 'long' : 'short',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
    // What is there is never said to be more than it is.
    roundingMode: 'floor',
  });
  return size.format(bytes / KILO ** rank);
}

/** Rounded the more, the longer it is: nobody wants to see the seconds of an hour. */
function timeLeft(seconds: number): string {
  const fives = 5 * Math.round(seconds / 5);
  if (fives <= 5) return translate('a few seconds left');
  if (fives < 60) {
    return translatePlural('about a second left', 'about {count} seconds left', fives);
  }
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) {
    return translatePlural('about a minute left', 'about {count} minutes left', minutes);
  }
  return translatePlural(
    'about an hour left',
    'about {count} hours left',
    Math.round(minutes / 60),
  );
}
