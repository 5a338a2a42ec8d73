import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { markedTexts, textsIn } from '../../scripts/lib/texts.js';
import { checkout } from '../support/checkout.js';
import { readPo, type Entry } from '../support/po-file.js';
import { unmarkedTexts } from '../support/unmarked-texts.js';

/** Libraries, by the names that they have everywhere. */
const NAMES: readonly string[] = ['Gtk', 'Gdk', 'Gio', 'Pango', 'GtkVnc', 'Secret'];
/** What is printed in a terminal, what is written for the log, and the theme's own language. */
const NOT_SHOWN: readonly string[] = ['launcher.cts', 'ending.ts', 'style.ts'];

function read(file: string): Promise<string> {
  return readFile(join(checkout, 'po', file), 'utf8');
}

async function languages(): Promise<readonly string[]> {
  return (await read('LINGUAS')).split('\n').filter(Boolean);
}

/** What is to be filled in, in an order of its own: sentences differ in theirs. */
function placeholders(text: string): readonly string[] {
  return (text.match(/\{\w+\}/g) ?? []).sort();
}

describe('the translations', () => {
  it('have a template with every text of the window and every sentence of an error', async () => {
    const sources = markedTexts(checkout);
    const known = readPo(await read('vmnetx.pot')).map(({ one, many }) => `${one}|${many ?? ''}`);
    const marked = sources.flatMap(({ texts }) =>
      texts.map(({ one, many }) => `${one}|${many ?? ''}`),
    );
    // “npm run translations” brings them up to date.
    assert.deepEqual(known.toSorted(), [...new Set(marked)].sort());
    const paths = (await read('POTFILES.in')).split('\n').filter(Boolean);
    assert.deepEqual(
      paths,
      sources.map(({ path }) => path),
    );
  });

  it('miss no text of the window because nobody marked it', async () => {
    const folder = join(checkout, 'src/ui');
    const files = await readdir(folder, { recursive: true });
    const sources = files.filter((file) => file.endsWith('ts') && !NOT_SHOWN.includes(file));
    const unmarked = await Promise.all(
      sources.map(async (file) =>
        unmarkedTexts(file, await readFile(join(folder, file), 'utf8'))
          .filter((text) => !NAMES.includes(text))
          .map((text) => `${file}: ${text}`),
      ),
    );
    assert.deepEqual(unmarked.flat(), []);
  });

  it('are complete, with the same to be filled in', async () => {
    const texts = readPo(await read('vmnetx.pot')).map(({ one }) => one);
    for (const language of await languages()) {
      const entries = readPo(await read(`${language}.po`));
      const usable = entries.filter(({ fuzzy }) => !fuzzy);
      assert.deepEqual(usable.map(({ one }) => one).sort(), texts.toSorted());
      for (const entry of usable) assertComplete(entry);
    }
  });

  it('are of what the desktop shows of the program, too', async () => {
    const entry = await read('../data/desktop/org.vmnetx.VMNetX.desktop.in');
    const types = await read('../data/mime/org.vmnetx.VMNetX.xml');
    for (const language of await languages()) {
      for (const key of ['GenericName', 'Comment', 'Keywords'])
        assert.match(entry, new RegExp(`^${key}\\[${language}\\]=.+$`, 'm'));
      assert.equal(
        types.split(`<comment xml:lang="${language}">`).length,
        types.split('<comment>').length,
      );
    }
  });
});

function assertComplete({ one, many, translations }: Entry): void {
  assert.ok(translations.length > 0, one);
  for (const translation of translations) {
    assert.notEqual(translation, '', one);
    // The single thing may go without its number.
    const most = many ?? one;
    const filled = placeholders(translation);
    const asWritten = [placeholders(most), placeholders(one)].map(String);
    assert.ok(asWritten.includes(String(filled)), `${translation} ≠ ${most}`);
  }
}

describe('the search for texts', () => {
  it('knows what somebody is to read though it is not marked', () => {
    const source = `import { a } from 'A Module';
      show('Quit', 'two words', \`\${n} of them are there\`, translate('Marked'), 'a-name', '12');`;
    assert.deepEqual(unmarkedTexts('shown.ts', source), [
      'Quit',
      'two words',
      ' of them are there',
    ]);
  });

  it('finds what is marked, beside what looks like strings that do not end', () => {
    const source = `const odd = /["'\`]/g;
      const label = translate('A “text” with \\'quotes\\' and {name}.', { name });
      show(\`\${translatePlural('one thing', '{count} things', count)}\`);
      throw fail('host-no-space', { path: ownWords('a thing') });`;
    assert.deepEqual(textsIn('odd.ts', source), [
      { one: "A “text” with 'quotes' and {name}.", many: null },
      { one: 'one thing', many: '{count} things' },
      { one: 'a thing', many: null },
    ]);
  });

  it('refuses a text that is put together, as nobody could translate that', () => {
    for (const source of ['translate(text)', "translate('a ' + b)", 'translate(`a ${b}`)'])
      assert.throws(() => textsIn('glued.ts', source), /glued\.ts: a text .* is no literal/);
  });
});
