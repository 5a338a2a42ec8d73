import { parseArgs } from 'node:util';
import { fail } from '../core/errors/index.js';

/** The options of a command: their names without dashes, and whether they take a value. */
export type OptionTable = Readonly<
  Record<string, { readonly type: 'boolean' | 'string'; readonly short?: string }>
>;

/** What was given: options by name, and the words that are not options, in their order. */
export interface GivenOptions {
  readonly values: Readonly<Record<string, string | boolean | undefined>>;
  readonly words: readonly string[];
}

/**
 * Reads a command line strictly; `--` ends the options.
 *
 * @throws VmnetxError `usage-unknown-option`, or `usage-arguments` for a value that is missing, not
 *   wanted, or given twice.
 */
export function readOptions(
  command: string,
  argv: readonly string[],
  table: OptionTable,
): GivenOptions {
  const { tokens } = parseArgs({
    args: [...argv],
    options: table,
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const values: Record<string, string | boolean> = {};
  const words: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') words.push(token.value);
    if (token.kind !== 'option') continue;
    const entry = Object.hasOwn(table, token.name) ? table[token.name] : undefined;
    if (entry === undefined) throw fail('usage-unknown-option', { option: token.rawName, command });
    const refuse = (reason: string) => fail('usage-arguments', { reason, command });
    if (token.name in values) throw refuse(`${token.rawName} is given twice`);
    if (entry.type === 'string') {
      if (token.value === undefined) throw refuse(`${token.rawName} needs a value`);
      values[token.name] = token.value;
    } else {
      if (token.value !== undefined) throw refuse(`${token.rawName} takes no value`);
      values[token.name] = true;
    }
  }
  return { values, words };
}

/** Whether an option without a value is given, whatever else is wrong with the command line. */
export function isGiven(argv: readonly string[], option: string): boolean {
  const end = argv.indexOf('--');
  return argv.slice(0, end === -1 ? argv.length : end).includes(option);
}
