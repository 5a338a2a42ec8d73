import assert from 'node:assert/strict';
import { copyFile, open, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildDemoPackage } from '../../scripts/demo-package.js';
import { command } from '../../scripts/command.js';
import { output } from '../support/programs.js';
import { Desktop } from './support/desktop.js';
import { installProgram, type InstalledProgram } from './support/installed-program.js';

describe('the installed program', function () {
  this.timeout(120_000);

  let desktop: Desktop;
  let installed: InstalledProgram;

  before(async () => {
    desktop = await Desktop.prepare();
    installed = await installProgram(desktop);
  });

  after(async () => {
    await desktop[Symbol.asyncDispose]();
  });

  it('has its commands in the prefix, and they run from there', async () => {
    for (const name of ['vmnetx', 'vmnetx-generate']) {
      const printed = await installed.run(join(installed.prefix, 'bin', name), '--version');
      assert.match(printed, /^vmnetx \d+\.\d+\.\d+$/);
    }
  });

  it('has a desktop entry that is valid', async () => {
    const entry = join(installed.prefix, 'share/applications/org.vmnetx.VMNetX.desktop');
    assert.equal(await installed.run('desktop-file-validate', entry), '');
  });

  it('finds its translations where the system has them', async () => {
    const system = join(installed.prefix, 'share/locale/de/LC_MESSAGES');
    assert.deepEqual(await readdir(system), ['vmnetx.mo']);
    const program = await installed.run('readlink', '-f', join(installed.prefix, 'bin/vmnetx'));
    const module = pathToFileURL(join(program, '../../dist/src/ui/translate.js')).href;
    const script = `import('${module}').then(({ translate }) => console.log(translate('Quit')))`;
    const words = ['LANG=C.UTF-8', 'LANGUAGE=de', process.execPath, '--eval', script];
    assert.equal(await installed.run('env', ...words), 'Beenden');
  });

  it('opens references, packages and links', async () => {
    for (const type of [
      'application/x-vmnetx-reference+xml',
      'application/x-vmnetx-package',
      'x-scheme-handler/vmnetx',
      'x-scheme-handler/vmnetx+http',
      'x-scheme-handler/vmnetx+https',
    ]) {
      assert.match(await installed.run('gio', 'mime', type), /org\.vmnetx\.VMNetX\.desktop/, type);
    }
  });

  it('knows references and packages by their content, whatever they are called', async () => {
    const reference = join(desktop.folder, 'no-extension');
    await output(command('vmnetx-generate'), '-r', 'https://example.org/a.nxpk', reference);
    assert.match(await typeOf(reference), /application\/x-vmnetx-reference\+xml/);
    const archive = join(desktop.folder, 'a-package');
    const file = await open(await buildDemoPackage(() => undefined));
    const { buffer } = await file.read(Buffer.alloc(4096), 0, 4096, 0);
    await file.close();
    await writeFile(archive, buffer);
    assert.match(await typeOf(archive), /application\/x-vmnetx-package/);
    await copyFile(reference, `${reference}.netx`);
    assert.match(await typeOf(`${reference}.netx`), /application\/x-vmnetx-reference\+xml/);
  });

  it('has its icon where themes look for it', async () => {
    const icons = await readdir(join(installed.prefix, 'share/icons/hicolor'), { recursive: true });
    const names = icons.map((path) => basename(path));
    assert.ok(names.includes('org.vmnetx.VMNetX.svg'));
    assert.ok(names.includes('org.vmnetx.VMNetX-symbolic.svg'));
  });

  it('brings only the modules that it runs with', async () => {
    const program = await installed.run('readlink', '-f', join(installed.prefix, 'bin/vmnetx'));
    const modules = await readdir(join(program, '../../node_modules'));
    assert.ok(modules.includes('undici') && modules.includes('node-gtk'));
    for (const tool of ['typescript', 'eslint', 'mocha', 'node-gyp', 'nan']) {
      assert.ok(!modules.includes(tool), tool);
    }
    const manifest = await readFile(join(program, '../../package.json'), 'utf8');
    assert.match(manifest, /"name": "vmnetx"/);
  });

  function typeOf(path: string): Promise<string> {
    return installed.run('gio', 'info', '-a', 'standard::content-type', path);
  }
});
