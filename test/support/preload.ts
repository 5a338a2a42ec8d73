import { join } from 'node:path';
import { checkout } from './checkout.js';
import { output } from './programs.js';

/**
 * Compiles `test/support/NAME.c` to a library that a process loads before all others (`LD_PRELOAD`).
 *
 * @param folder where it is put
 * @returns its path
 */
export async function compilePreload(name: string, folder: string): Promise<string> {
  const source = join(checkout, 'test/support', `${name}.c`);
  const library = join(folder, `${name}.so`);
  await output('cc', '-shared', '-fPIC', '-O1', '-Wall', '-Werror', '-o', library, source, '-ldl');
  return library;
}
