import { fail } from '../core/errors/index.js';
import { readOptions } from './options.js';
import type { Style } from './plan.js';

/** What one call of `vmnetx-generate` is to do. */
export type GeneratePlan = Style &
  (
    | { readonly task: 'help' | 'version' }
    | {
        readonly task: 'package';
        readonly machine: string;
        /** The libvirt whose machine is meant; null where it may be a file. */
        readonly connect: string | null;
        readonly savedMemory: boolean;
        readonly out: string;
        readonly name: string;
        readonly compress: boolean;
      }
    | { readonly task: 'reference'; readonly url: string; readonly out: string }
    | {
        readonly task: 'validate';
        readonly machine: string;
        readonly connect: string | null;
        readonly savedMemory: boolean;
      }
  );

/** The name of a package whose publisher gives none, as in 2013. */
const DEFAULT_NAME = 'Virtual Machine';

/** Words that are agreed to be commands, but belong to later versions. */
const LATER = new Set(['create', 'reference', 'inspect', 'serve', 'convert', 'check-url']);

/** A libvirt of this computer, where the disks and the saved memory of its machines are. */
const LOCAL_URI = /^qemu(\+unix)?:\/\/\/(session|system)(\?.*)?$/;

const OPTIONS = {
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
  verbose: { type: 'boolean' },
  name: { type: 'string', short: 'n' },
  uncompressed: { type: 'boolean', short: 'u' },
  reference: { type: 'string', short: 'r' },
  check: { type: 'boolean', short: 'c' },
  connect: { type: 'string' },
  'no-memory': { type: 'boolean' },
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

  const [first, second] = words;
  if (first !== undefined && LATER.has(first)) throw fail('usage-not-yet', { word: first });
  const { reference: url, name = DEFAULT_NAME, uncompressed, check, connect = null } = values;
  if (typeof connect === 'string' && !LOCAL_URI.test(connect)) {
    throw refuse('--connect takes a libvirt of this computer, such as qemu:///system');
  }
  const which = { connect: connect === null ? null : String(connect) };
  const how = { ...which, savedMemory: values['no-memory'] !== true };
  const checked = check === true ? words : first === 'validate' ? words.slice(1) : null;
  if (checked !== null) {
    const [machine] = checked;
    if (['name', 'uncompressed', 'reference'].some((option) => option in values)) {
      throw refuse('-n, -u and -r do not go with validate');
    }
    if (machine === undefined || checked.length > 1) throw refuse('validate takes one MACHINE');
    return { task: 'validate', machine, ...how, ...style };
  }
  if (typeof url === 'string') {
    if (['name', 'uncompressed', 'connect', 'no-memory'].some((option) => option in values)) {
      throw refuse('-n, -u, --connect and --no-memory do not go with -r');
    }
    if (first === undefined || second !== undefined) throw refuse('-r URL is followed by OUT.netx');
    return { task: 'reference', url, out: first, ...style };
  }
  const [machine, out, ...rest] = first === 'package' ? words.slice(1) : words;
  if (machine === undefined || out === undefined || rest.length > 0) {
    throw refuse('it takes MACHINE and OUT.nxpk');
  }
  const compress = uncompressed !== true;
  return { task: 'package', machine, out, name: String(name), compress, ...how, ...style };
}
