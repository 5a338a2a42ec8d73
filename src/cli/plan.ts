import { asVmnetxError, fail, type VmnetxError } from '../core/errors/index.js';
import { isAcceleratorWish, type AcceleratorWish } from '../core/accelerator/index.js';
import { cacheTaskOf, type CacheTask } from './cache-task.js';
import { loginOptionsOf, type LoginOptions } from './login/login-options.js';
import { isGiven, readOptions } from './options.js';

/** What one call of `vmnetx` is to do. Made before anything heavy is loaded. */
export type Plan = Style & Task;

/** How the command reports. */
export interface Style {
  /** One JSON object on standard output, also for a failure. */
  readonly json: boolean;
  /** Technical details with failures. */
  readonly verbose: boolean;
}

type Task =
  | { readonly window: false; readonly command: 'help' | 'version' }
  | {
      readonly window: false;
      readonly command: 'info';
      readonly location: string;
      readonly fromLink: boolean;
      readonly login: LoginOptions;
    }
  | {
      readonly window: false;
      readonly command: 'mount';
      readonly location: string;
      readonly fromLink: boolean;
      readonly directory: string;
      readonly login: LoginOptions;
      /** Where to write what was touched first, or null. */
      readonly record: string | null;
      /** What to fetch ahead: a file that `record` wrote, or null. */
      readonly prefetch: string | null;
      /** Fetch the rest, too, when there is nothing else to do. */
      readonly whole: boolean;
    }
  | ({ readonly window: false; readonly command: 'cache' } & CacheTask)
  | { readonly window: false; readonly command: 'doctor' }
  | {
      readonly window: false;
      readonly command: 'log';
      /** Go on as it grows, until interrupted. */
      readonly follow: boolean;
    }
  | { readonly window: false; readonly command: 'refuse'; readonly error: VmnetxError }
  | {
      readonly window: true;
      readonly command: 'open';
      readonly location: string;
      readonly accelerator: AcceleratorWish | null;
      readonly fromLink: boolean;
      /** Whether a machine that was saved while it ran goes on from there. */
      readonly savedState: boolean;
      /** Whether the window has the whole screen at first. */
      readonly fullScreen: boolean;
      readonly login: LoginOptions;
    };

const OPTIONS = {
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
  verbose: { type: 'boolean' },
  json: { type: 'boolean' },
  accelerator: { type: 'string' },
  'from-link': { type: 'boolean' },
  'no-saved-state': { type: 'boolean' },
  fullscreen: { type: 'boolean' },
  user: { type: 'string' },
  'password-file': { type: 'string' },
  record: { type: 'string' },
  prefetch: { type: 'string' },
  whole: { type: 'boolean' },
  follow: { type: 'boolean', short: 'f' },
} as const;

/** Which options belong to which command; the general ones go with all. */
const GENERAL = ['help', 'version', 'verbose'];
const LOGIN = ['user', 'password-file'];
const OWN: Readonly<
  Record<'open' | 'info' | 'mount' | 'cache' | 'doctor' | 'log', readonly string[]>
> = {
  open: ['accelerator', 'from-link', 'no-saved-state', 'fullscreen', ...LOGIN],
  info: ['json', 'from-link', ...LOGIN],
  mount: ['from-link', 'record', 'prefetch', 'whole', ...LOGIN],
  cache: ['json'],
  doctor: ['json'],
  log: ['follow'],
};

/** Reads the command line of `vmnetx`. Never throws: wrong usage is a plan too. */
export function planOf(argv: readonly string[]): Plan {
  try {
    return readPlan(argv);
  } catch (error) {
    const style = { json: isGiven(argv, '--json'), verbose: isGiven(argv, '--verbose') };
    return { window: false, command: 'refuse', error: asVmnetxError(error), ...style };
  }
}

function readPlan(argv: readonly string[]): Plan {
  const given = readOptions('vmnetx', argv, OPTIONS);
  const { values, words } = given;
  const style = { json: values['json'] === true, verbose: values['verbose'] === true };
  if (values['help'] === true) return { window: false, command: 'help', ...style };
  if (values['version'] === true) return { window: false, command: 'version', ...style };
  const refuse = (reason: string) => fail('usage-arguments', { reason, command: 'vmnetx' });

  const [first] = words;
  if (first === undefined) throw refuse('the location of a machine is missing');
  const command = isCommand(first) ? first : 'open';
  const rest = first === command ? words.slice(1) : words;
  for (const name of Object.keys(values)) {
    if (!GENERAL.includes(name) && !OWN[command].includes(name)) {
      throw refuse(`--${name} does not go with “${command}”`);
    }
  }

  if (command === 'cache') return { window: false, command, ...cacheTaskOf(rest), ...style };
  if (command === 'doctor' || command === 'log') {
    if (rest.length > 0) throw refuse('there are too many words');
    if (command === 'doctor') return { window: false, command, ...style };
    return { window: false, command, follow: values['follow'] === true, ...style };
  }
  const login = loginOptionsOf(given);
  const fromLink = values['from-link'] === true;
  const [location, directory, ...more] = rest;
  if (location === undefined) throw refuse('the location of a machine is missing');
  if (command === 'mount') {
    if (directory === undefined) throw refuse('the folder to mount on is missing');
    if (more.length > 0) throw refuse('there are too many words');
    const [record, prefetch] = [textOf(values['record']), textOf(values['prefetch'])];
    const whole = values['whole'] === true;
    return {
      window: false,
      command,
      location,
      fromLink,
      directory,
      login,
      record,
      prefetch,
      whole,
      ...style,
    };
  }
  if (directory !== undefined) throw refuse('there are too many words');
  if (command === 'info') return { window: false, command, location, fromLink, login, ...style };
  return {
    window: true,
    command,
    location,
    accelerator: acceleratorOf(values['accelerator']),
    fromLink,
    savedState: values['no-saved-state'] !== true,
    fullScreen: values['fullscreen'] === true,
    login,
    ...style,
  };
}

function isCommand(word: string): word is keyof typeof OWN {
  return Object.hasOwn(OWN, word);
}

function textOf(value: string | boolean | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

function acceleratorOf(value: string | boolean | undefined): AcceleratorWish | null {
  if (value === undefined) return null;
  if (typeof value === 'string' && isAcceleratorWish(value)) return value;
  throw fail('usage-arguments', {
    reason: '--accelerator is auto, kvm or tcg',
    command: 'vmnetx',
  });
}
