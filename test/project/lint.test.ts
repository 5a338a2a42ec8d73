import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ESLint } from 'eslint';
import { checkout } from '../support/checkout.js';

/** The messages of the import rule for a file of the given name and content. */
async function importFaults(path: string, code: string): Promise<readonly string[]> {
  const eslint = new ESLint({
    cwd: checkout,
    ruleFilter: ({ ruleId }) => /^no-restricted-(imports|syntax)$/.test(ruleId),
    // The rule needs no types, and the files need not exist.
    overrideConfig: { languageOptions: { parserOptions: { projectService: false } } },
  });
  const results = await eslint.lintText(code, { filePath: path });
  return results.flatMap(({ messages }) => messages.map(({ message }) => message));
}

describe('the import rule', () => {
  it('lets a folder of core import the faces of those further in', async () => {
    const code = "import { fail } from '../errors/index.js';\nexport { fail };\n";
    assert.deepEqual(await importFaults('src/core/fetch/index.ts', code), []);
  });

  it('holds in a folder of a layer, too', async () => {
    const within = 'src/core/machine/read/machine.ts';
    const inner = "import { fail } from '../../errors/index.js';\nexport { fail };\n";
    assert.deepEqual(await importFaults(within, inner), []);
    assert.deepEqual(await importFaults(within, "export * from '../limits.js';\n"), []);
    const outer = "export * from '../../session/index.js';\n";
    assert.equal((await importFaults(within, outer)).length, 1);
  });

  it('refuses imports outward, past a face, of GTK, and of the window by core', async () => {
    for (const target of [
      '../session/index.js',
      '../errors/catalogue.js',
      'node-gtk',
      '../../ui/index.js',
      '../../cli/main.js',
    ]) {
      const faults = await importFaults('src/core/fetch/index.ts', `export * from '${target}';\n`);
      assert.equal(faults.length, 1, `${target}: ${faults.join()}`);
    }
  });

  it('refuses an import outward that is made later', async () => {
    const code = "export const later = () => import('../../ui/index.js');\n";
    assert.equal((await importFaults('src/core/fetch/index.ts', code)).length, 1);
    const inner = "export const later = () => import('../errors/index.js');\n";
    assert.deepEqual(await importFaults('src/core/fetch/index.ts', inner), []);
  });

  it('knows every folder of core, and refuses all imports of one that it does not know', async () => {
    for (const folder of await readdir(join(checkout, 'src/core'))) {
      const outward = "export * from '../../ui/index.js';\n";
      const [message] = await importFaults(`src/core/${folder}/index.ts`, outward);
      assert.ok(message?.includes(`core/${folder} may import`), folder);
    }
    const code = "export * from '../errors/index.js';\n";
    assert.equal((await importFaults('src/core/unheard-of/index.ts', code)).length, 1);
  });

  it('refuses the window and the commands what is behind a face of core', async () => {
    const code = "export * from '../core/errors/catalogue.js';\n";
    assert.equal((await importFaults('src/ui/index.ts', code)).length, 1);
    assert.equal((await importFaults('src/cli/main.ts', code)).length, 1);
  });
});
