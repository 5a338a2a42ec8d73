import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Licences (SPDX) that a part of a program under GPL-2.0-or-later may have. */
const FITTING = new Set([
  '0BSD',
  'Apache-2.0', // fits version 3, which “or later” allows
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0', // permissive, without conditions that the GPL lacks
  'GPL-2.0-or-later',
  'GPL-3.0-or-later',
  'ISC',
  'LGPL-2.1-or-later',
  'MIT',
  'Python-2.0',
]);

/** Run-time dependencies, direct and indirect, of the package in `root` whose licence does not fit. */
export async function unfitLicences(root: string): Promise<readonly string[]> {
  const unfit: string[] = [];
  const seen = new Set<string>();
  const visit = async (folder: string): Promise<void> => {
    if (seen.has(folder)) return;
    seen.add(folder);
    const { name, licence, dependencies } = await manifestOf(folder);
    if (folder !== root && !fits(licence)) unfit.push(`${name}: ${licence ?? 'none'}`);
    for (const dependency of dependencies) await visit(locate(root, folder, dependency));
  };
  await visit(root);
  return unfit.sort();
}

/** One of several (“A OR B”) is enough; of “A AND B” both have to fit. */
function fits(licence: string | null): boolean {
  if (licence === null) return false;
  return licence
    .replace(/^\((.*)\)$/, '$1')
    .split(/ OR /)
    .some((choice) => choice.split(/ AND /).every((part) => FITTING.has(part.trim())));
}

/** Where Node finds a dependency of the package in `folder`. */
function locate(root: string, folder: string, dependency: string): string {
  for (let place = folder; ; place = dirname(place)) {
    const candidate = join(place, 'node_modules', dependency);
    if (existsSync(join(candidate, 'package.json'))) return candidate;
    if (place === root || place === dirname(place))
      throw new Error(`${dependency} is not installed`);
  }
}

async function manifestOf(folder: string) {
  const manifest: unknown = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  if (typeof manifest !== 'object' || manifest === null)
    throw new Error(`no manifest in ${folder}`);
  const given = 'dependencies' in manifest ? manifest.dependencies : null;
  return {
    name: folder.slice(folder.lastIndexOf('node_modules/') + 'node_modules/'.length),
    licence:
      'license' in manifest && typeof manifest.license === 'string' ? manifest.license : null,
    dependencies: typeof given === 'object' && given !== null ? Object.keys(given) : [],
  };
}
