import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { catalogue, type ErrorCode } from '../../../src/core/errors/index.js';
import { checkout } from '../../support/checkout.js';
import { packageOf } from './sound-package.js';
import type { Locations, Make, Scene } from './scene.js';

export const CORPUS = join(checkout, 'test/hostile');
const COMPILED = join(import.meta.dirname, '..');

/** What stands in addresses of the corpus and may be told to nobody. */
export const SECRET = 'secret-word';

/** A folder of the corpus. */
export interface Attack {
  readonly name: string;
  /** What it attacks. */
  readonly what: string;
  /** What is done with it: as far as `info` goes, or until the disk is read on a mount. */
  readonly command: 'info' | 'mount';
  /** Whether somebody else chose the location, by a link. */
  readonly fromLink: boolean;
  readonly code: ErrorCode;
  /** A part of what the user is told, which shows that it was refused for this reason. */
  readonly told: string;
}

/** All attacks of packages and servers, by number; those on the store are in `spoiling.ts`. */
export function readAttacks(): readonly Attack[] {
  return attackNames()
    .filter((name) => !existsSync(join(CORPUS, name, 'spoil.ts')))
    .map(readAttack);
}

/** The folders of the corpus. */
export function attackNames(): readonly string[] {
  return readdirSync(CORPUS)
    .filter((name) => /^\d\d-/.test(name))
    .sort();
}

/**
 * `attack.txt`: what it attacks; `vmnetx COMMAND: CODE`, where `--from-link` may go with the command; and,
 * where it matters, what is told.
 */
function readAttack(name: string): Attack {
  const text = readFileSync(join(CORPUS, name, 'attack.txt'), 'utf8');
  const [what = '', outcome = '', told = ''] = text.split('\n');
  const [, command, link, code = ''] =
    /^vmnetx (info|mount)( --from-link)?: ([a-z-]+)$/.exec(outcome) ?? [];
  if ((command !== 'info' && command !== 'mount') || !isCode(code)) {
    throw new Error(`${name}/attack.txt does not say what must come of it`);
  }
  return { name, what, command, fromLink: link !== undefined, code, told };
}

export function isCode(text: string): text is ErrorCode {
  return Object.hasOwn(catalogue, text);
}

/**
 * Prepares what an attack consists of: references as they are, domains and manifests in an otherwise
 * sound package, lines of `locations.txt`, and what its `make.ts` makes.
 */
export async function prepareAttack({ name }: Attack, scene: Scene): Promise<Locations> {
  const locations: Record<string, string> = {};
  const folder = join(CORPUS, name);
  for (const file of readdirSync(folder)) {
    const path = join(folder, file);
    const asPackage = (bytes: Buffer): Promise<string> => scene.write(`${file}.nxpk`, bytes);
    if (file.endsWith('.netx')) locations[file] = path;
    else if (file.endsWith('.manifest.xml')) {
      locations[file] = await asPackage(packageOf({ manifest: readFileSync(path) }));
    } else if (file.endsWith('.domain.xml')) {
      locations[file] = await asPackage(packageOf({ domain: readFileSync(path) }));
    } else if (file === 'locations.txt') {
      for (const line of readFileSync(path, 'utf8').trimEnd().split('\n')) locations[line] = line;
    } else if (file === 'make.ts') {
      Object.assign(locations, await loadMake(name)(scene));
    } else if (file !== 'attack.txt') throw new Error(`What is ${name}/${file}?`);
  }
  return locations;
}

function loadMake(name: string): Make {
  return async (scene) => {
    const module: unknown = await import(pathToFileURL(join(COMPILED, name, 'make.js')).href);
    if (!hasMake(module)) throw new Error(`${name}/make.ts has no default export`);
    return module.default(scene);
  };
}

function hasMake(module: unknown): module is { readonly default: Make } {
  return (
    typeof module === 'object' &&
    module !== null &&
    'default' in module &&
    typeof module.default === 'function'
  );
}
