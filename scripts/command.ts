import { fileURLToPath } from 'node:url';

/** The path of one of the program's commands in this checkout. */
export function command(name: 'vmnetx' | 'vmnetx-generate'): string {
  return fileURLToPath(new URL(`../../bin/${name}`, import.meta.url));
}
