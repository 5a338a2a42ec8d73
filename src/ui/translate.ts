/** What takes the place of `{name}` in a sentence. */
export type Values = Readonly<Record<string, string | number>>;

/** A text of the window in the language of the desktop. */
export function translate(text: string, values: Values = {}): string {
  return filled(text, values);
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
  return filled(count === 1 ? one : many, { count, ...values });
}

function filled(text: string, values: Values): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
