import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { catalogue } from '../../src/core/errors/index.js';

/** A text that is marked for translation, as the source has it. */
export interface Text {
  readonly one: string;
  /** What is said of several, where a number decides. */
  readonly many: string | null;
}

/** A module, by its path within the checkout, and what is to be translated in it. */
export interface MarkedSource {
  readonly path: string;
  readonly texts: readonly Text[];
}

const SOURCES = 'src';
/** The errors' sentences are marked by where they are. */
const ERRORS = 'src/core/errors/catalogue.ts';

/** What marks a text (src/ui/translate.ts, src/core/errors/own-words.ts). */
const SINGLE: readonly string[] = ['translate', 'ownWords'];
const PLURAL = 'translatePlural';
const MARK = /\b(?:translate|translatePlural|ownWords)\(/;

/** All that the window can show in another language; modules without a text are left out. */
export function markedTexts(checkout: string): readonly MarkedSource[] {
  const files = readdirSync(join(checkout, SOURCES), { encoding: 'utf8', recursive: true });
  const marked = files
    .filter((file) => file.endsWith('.ts'))
    .sort()
    .map((file) => {
      const path = join(SOURCES, file);
      const source = readFileSync(join(checkout, path), 'utf8');
      return { path, texts: MARK.test(source) ? textsIn(path, source) : [] };
    })
    .filter(({ texts }) => texts.length > 0);
  const sentences = Object.values(catalogue).flatMap(({ message, hint }) =>
    hint === null ? [message] : [message, hint],
  );
  return [...marked, { path: ERRORS, texts: sentences.map((one) => ({ one, many: null })) }];
}

/**
 * The texts that a module marks, in their order. By the compiler's own parser, as xgettext takes some
 * regular expressions for strings that do not end.
 *
 * @throws Error for one that is no literal: nobody could translate it
 */
export function textsIn(path: string, source: string): readonly Text[] {
  const texts: Text[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression)) {
      const [first, second] = node.arguments;
      const { text: name } = node.expression;
      if (SINGLE.includes(name)) texts.push({ one: literal(first), many: null });
      if (name === PLURAL) texts.push({ one: literal(first), many: literal(second) });
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, source, ts.ScriptTarget.Latest));
  return texts;

  function literal(node: ts.Expression | undefined): string {
    if (node !== undefined && ts.isStringLiteralLike(node)) return node.text;
    throw new Error(`${path}: a text to be translated is no literal`);
  }
}
