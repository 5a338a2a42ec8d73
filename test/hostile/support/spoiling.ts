import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ErrorCode } from '../../../src/core/errors/index.js';
import { attackNames, CORPUS, isCode } from './attack.js';

const COMPILED = join(import.meta.dirname, '..');

/** Something that happens to the store, or to the computer that it is on. */
export interface Spoiling {
  /**
   * Changes what an earlier session has left.
   *
   * @param store the folder of the store, in which one image is kept, whole
   * @param victim a folder with a file of the user's, which nobody else may touch
   */
  readonly plant?: (store: string, victim: string) => Promise<unknown>;
  /** A shell line that mounts something on `$1`, the folder above the store, before it is used. */
  readonly mount?: string;
}

export type Spoilings = Readonly<Record<string, Spoiling>>;

/** A folder of the corpus whose attacks the machine outlives. */
export interface StoreAttack {
  readonly name: string;
  /** What it attacks. */
  readonly what: string;
  /** Why nothing is kept, which the user is told; null where all is repaired, and nothing told. */
  readonly code: ErrorCode | null;
  /** The default export of its `spoil.ts`. */
  readonly spoilings: Spoilings;
}

/** All attacks on the store, by number. */
export async function readStoreAttacks(): Promise<readonly StoreAttack[]> {
  const names = attackNames().filter((name) => existsSync(join(CORPUS, name, 'spoil.ts')));
  return Promise.all(names.map(readStoreAttack));
}

/** `attack.txt`: what it attacks; `vmnetx mount goes on`, and `: CODE` where it says something. */
async function readStoreAttack(name: string): Promise<StoreAttack> {
  const text = readFileSync(join(CORPUS, name, 'attack.txt'), 'utf8');
  const [what = '', outcome = ''] = text.split('\n');
  const [line, code = null] = /^vmnetx mount goes on(?:: ([a-z-]+))?$/.exec(outcome) ?? [];
  if (line === undefined || (code !== null && !isCode(code))) {
    throw new Error(`${name}/attack.txt does not say what must come of it`);
  }
  const module: unknown = await import(pathToFileURL(join(COMPILED, name, 'spoil.js')).href);
  if (!hasSpoilings(module)) throw new Error(`${name}/spoil.ts has no default export`);
  return { name, what, code, spoilings: module.default };
}

function hasSpoilings(module: unknown): module is { readonly default: Spoilings } {
  return (
    typeof module === 'object' &&
    module !== null &&
    'default' in module &&
    typeof module.default === 'object'
  );
}
