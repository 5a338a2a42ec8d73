/**
 * install-modules CHECKOUT PROGRAM_DIRECTORY: copies the npm packages that the program needs when it
 * runs. Called by `meson install`, with DESTDIR in the environment.
 */
import { cp, mkdir, readFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';

/** What node-gtk lists as dependencies, but needs only to be compiled. */
const BUILD_TOOLS = new Set(['@mapbox/node-pre-gyp', 'nan', 'node-gyp']);

/** Parts of a package that only its building needs. */
const LEFT_OUT =
  /^(node_modules|src|examples|tests?|docs?|binding\.gyp)$|\.(o|a|d|map|md|mk)$|^obj\.target$/;

async function dependenciesOf(folder: string): Promise<readonly string[]> {
  const manifest: unknown = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  if (typeof manifest !== 'object' || manifest === null || !('dependencies' in manifest)) return [];
  return Object.keys(manifest.dependencies ?? {}).filter((name) => !BUILD_TOOLS.has(name));
}

const [checkout, directory] = process.argv.slice(2);
if (checkout === undefined || directory === undefined) {
  throw new Error('usage: install-modules CHECKOUT PROGRAM_DIRECTORY');
}
const source = checkout;
const target = join(process.env['DESTDIR'] ?? '', directory, 'node_modules');

async function install(names: readonly string[], done: Set<string>): Promise<void> {
  for (const name of names) {
    if (done.has(name)) continue;
    done.add(name);
    const folder = join(source, 'node_modules', name);
    await mkdir(join(target, name), { recursive: true });
    // node-gtk's own “src” is C++; elsewhere “src” may be the program.
    await cp(folder, join(target, name), {
      recursive: true,
      filter: (path) => name !== 'node-gtk' || !LEFT_OUT.test(basename(relative(folder, path))),
    });
    await install(await dependenciesOf(folder), done);
  }
}

await install(await dependenciesOf(checkout), new Set());
