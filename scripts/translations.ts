/**
 * Brings `po` up to date with the texts of the window and the sentences of the errors: `vmnetx.pot` gets
 * all of them, and each language keeps what was translated. What is new is empty there, and what was
 * changed is marked as fuzzy.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { markedTexts } from './lib/texts.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const TEMPLATE = join(ROOT, 'po/vmnetx.pot');
const SOURCES = join(ROOT, 'po/POTFILES.in');

/** Writes the template by xgettext, from calls that it understands and nothing else. */
function writeTemplate(folder: string): void {
  const sources = markedTexts(ROOT);
  for (const { path, texts } of sources) {
    const calls = texts.map(({ one, many }) =>
      many === null
        ? `gettext(${JSON.stringify(one)});`
        : `ngettext(${JSON.stringify(one)}, ${JSON.stringify(many)});`,
    );
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), calls.join('\n'));
  }
  writeFileSync(SOURCES, sources.map(({ path }) => `${path}\n`).join(''));
  const words = ['--language=JavaScript', '--from-code=UTF-8', '--add-location=file'];
  words.push(`--directory=${folder}`, `--files-from=${SOURCES}`, '--package-name=vmnetx');
  const made = execFileSync('xgettext', [...words, '--output=-'], { encoding: 'utf8' });
  // When it was made would differ each time, and nobody asks.
  const lasting = made.replace(/^"POT-Creation-Date: .*\n/m, '').replace('CHARSET', 'UTF-8');
  writeFileSync(TEMPLATE, lasting);
}

const folder = mkdtempSync(join(tmpdir(), 'vmnetx-translations-'));
try {
  writeTemplate(folder);
} finally {
  rmSync(folder, { recursive: true });
}
for (const language of readFileSync(join(ROOT, 'po/LINGUAS'), 'utf8').split('\n').filter(Boolean)) {
  const translation = join(ROOT, 'po', `${language}.po`);
  execFileSync('msgmerge', ['--quiet', '--update', '--backup=none', translation, TEMPLATE]);
}
