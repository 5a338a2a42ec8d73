import { fail } from '../core/errors/index.js';
import { readOptions } from './options.js';
import type { Style } from './plan.js';

/** What one call of `vmnetx-generate` is to do. */
export type GeneratePlan = Style &
  (
    | { readonly task: 'help' | 'version' }
    | {
        readonly task: 'package';
        readonly domain: string;
        readonly out: string;
        readonly name: string;
        readonly compress: boolean;
      }
    | { readonly task: 'reference'; readonly url: string; readonly out: string }
    | { readonly task: 'validate'; readonly domain: string }
  );

/** The name of a package whose publisher gives none, as in 2013. */
const DEFAULT_NAME = 'Virtual Machine';

/** Words that are agreed to be commands, but belong to later versions. */
const LATER = new Set([
  'create',
  'package',
  'reference',
  'inspect',
  'serve',
  'convert',
  'check-url',
]);

const OPTIONS = {
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
  verbose: { type: 'boolean' },
  name: { type: 'string', short: 'n' },
  uncompressed: { type: 'boolean', short: 'u' },
  reference: { type: 'string', short: 'r' },
  check: { type: 'boolean', short: 'c' },
} as const;

/**
 * Reads the command line of `vmnetx-generate`.
 *
 * @throws VmnetxError `usage-…`
 */
export function generatePlanOf(argv: readonly string[]): GeneratePlan {
  const { values, words } = readOptions('vmnetx-generate', argv, OPTIONS);
  const refuse = (reason: string) =>
    fail('usage-arguments', { reason, command: 'vmnetx-generate' });
  const style = { json: false, verbose: values['verbose'] === true };
  if (values['help'] === true) return { task: 'help', ...style };
  if (values['version'] === true) return { task: 'version', ...style };

  const [first, second, ...more] = words;
  if (first !== undefined && LATER.has(first)) throw fail('usage-not-yet', { word: first });
  const { reference: url, name = DEFAULT_NAME, uncompressed, check } = values;
  const checked = check === true ? words : first === 'validate' ? words.slice(1) : null;
  if (checked !== null) {
    const [domain] = checked;
    if (['name', 'uncompressed', 'reference'].some((option) => option in values)) {
      throw refuse('-n, -u and -r do not go with validate');
    }
    if (domain === undefined || checked.length > 1) throw refuse('validate takes DOMAIN.xml');
    return { task: 'validate', domain, ...style };
  }
  if (typeof url === 'string') {
    if ('name' in values || 'uncompressed' in values) throw refuse('-n and -u do not go with -r');
    if (first === undefined || second !== undefined) throw refuse('-r URL is followed by OUT.netx');
    return { task: 'reference', url, out: first, ...style };
  }
  if (first === undefined || second === undefined || more.length > 0) {
    throw refuse('it takes DOMAIN.xml and OUT.nxpk');
  }
  const compress = uncompressed !== true;
  return { task: 'package', domain: first, out: second, name: String(name), compress, ...style };
}
