import { loadGettext } from './gettext.js';

/** What takes the place of `{name}` in a sentence. */
export type Values = Readonly<Record<string, string | number>>;

const gettext = loadGettext();

/** A text of the window in the language of the desktop; a literal, as it is found by that. */
export function translate(text: string, values: Values = {}): string {
  return translateMarked(text, values);
}

/** The same of a text that is known elsewhere as one to be translated. */
export function translateMarked(text: string, values: Values = {}): string {
  return filled(gettext.one(text), values);
}

/**
 * The same of a text about a number of things, which is the value `{count}` in it.
 *
 * @param one as it is said of a single thing
 */
export function translatePlural(
  one: string,
  many: string,
  count: number,
  values: Values = {},
): string {
  return filled(gettext.plural(one, many, count), { count, ...values });
}

/**
 * What dates and numbers within the texts follow, as `Intl` calls it: the language of the texts, as it is
 * spoken in the desktop's region where that is one of its own.
 *
 * @param environment as in `process.env`
 */
export function localeOfTexts(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): string {
  const written = /^Language: (\w+)$/m.exec(gettext.header())?.[1] ?? 'en';
  const desktop =
    ['LC_ALL', 'LC_TIME', 'LANG'].map((name) => environment[name]).find(Boolean) ?? '';
  const [, spoken, region] = /^([a-z]{2,3})_([A-Z]{2})/.exec(desktop) ?? [];
  if (region !== undefined && spoken === written.split('_')[0]) return `${spoken}-${region}`;
  return written === 'en' ? 'en-GB' : written.replace('_', '-');
}

function filled(text: string, values: Values): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
