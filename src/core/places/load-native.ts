import { createRequire } from 'node:module';
import { fail } from '../errors/index.js';
import { withinProgram } from './program.js';

/**
 * Loads a native addon of the program.
 *
 * @param part such as `native/locks/build/Release/locks.node`
 * @param isFace whether what was loaded is that addon
 * @param path where it is; tests look elsewhere
 * @throws VmnetxError `host-not-built` when it is not there, of another build, or when a library that
 *   it needs is not installed; its `detail` has the loader's words
 */
export function loadNative<Face>(
  part: string,
  isFace: (value: unknown) => value is Face,
  path = withinProgram(part),
): Face {
  let loaded: unknown;
  try {
    loaded = createRequire(import.meta.url)(path);
  } catch (error) {
    const detail = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    throw fail('host-not-built', { part }, { cause: error, detail });
  }
  if (!isFace(loaded)) throw fail('host-not-built', { part });
  return loaded;
}
