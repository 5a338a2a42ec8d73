/** What a catalogue of gettext's has for one text. */
export interface Entry {
  readonly one: string;
  readonly many: string | null;
  /** In the order of the language's plurals; all of them may be empty. */
  readonly translations: readonly string[];
  /** Whether it is a guess of msgmerge's, which is not used. */
  readonly fuzzy: boolean;
}

const KEYWORD = /^(msgid|msgid_plural|msgstr|msgstr\[\d\]) (?=")/;

/** Reads a .po or .pot file that gettext's own tools wrote; without its header. */
export function readPo(text: string): readonly Entry[] {
  return text
    .split('\n\n')
    .map(readEntry)
    .filter(({ one }) => one !== '');
}

function readEntry(block: string): Entry {
  const texts = new Map<string, string>();
  let last = '';
  for (const line of block.split('\n')) {
    last = KEYWORD.exec(line)?.[1] ?? last;
    const quoted = line.replace(KEYWORD, '');
    if (quoted.startsWith('"')) texts.set(last, (texts.get(last) ?? '') + unquoted(quoted));
  }
  return {
    one: texts.get('msgid') ?? '',
    many: texts.get('msgid_plural') ?? null,
    translations: [...texts].filter(([key]) => key.startsWith('msgstr')).map(([, value]) => value),
    fuzzy: /^#, .*\bfuzzy\b/m.test(block),
  };
}

/** Their escapes are those of JSON. */
function unquoted(quoted: string): string {
  return String(JSON.parse(quoted));
}
