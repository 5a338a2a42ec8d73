import { loadNative, withinProgram } from '../core/places/index.js';

/** The face of `native/gettext`, which has the C library's functions of these names. */
interface Addon {
  readonly bind: (domain: string, directory: string) => void;
  readonly dgettext: (domain: string, text: string) => string;
  readonly dngettext: (domain: string, one: string, many: string, count: number) => string;
}

/** Texts in the desktop's language. What is not translated stays as it is. */
export interface Gettext {
  readonly one: (text: string) => string;
  /** What the translations say of themselves, a line each such as `Language: de`; empty without any. */
  readonly header: () => string;
  readonly plural: (one: string, many: string, count: number) => string;
}

const ADDON = 'native/gettext/build/Release/gettext.node';
const DOMAIN = 'vmnetx';
/** What `po` is compiled to; in an installed program a link to the system's `share/locale`. */
const TRANSLATIONS = 'dist/locale';

const ENGLISH: Gettext = {
  one: (text) => text,
  header: () => '',
  plural: (one, many, count) => (count === 1 ? one : many),
};

/**
 * English, and nothing else, where the addon is missing: a window is worth more than its language.
 *
 * @param path where the addon is; tests look elsewhere
 */
export function loadGettext(path = withinProgram(ADDON)): Gettext {
  let addon: Addon;
  try {
    addon = loadNative(ADDON, isAddon, path);
  } catch {
    return ENGLISH;
  }
  addon.bind(DOMAIN, withinProgram(TRANSLATIONS));
  return {
    // The translation of nothing is the header.
    one: (text) => (text === '' ? '' : addon.dgettext(DOMAIN, text)),
    header: () => addon.dgettext(DOMAIN, ''),
    plural: (one, many, count) => addon.dngettext(DOMAIN, one, many, count),
  };
}

function isAddon(value: unknown): value is Addon {
  return (
    typeof value === 'object' &&
    value !== null &&
    'bind' in value &&
    typeof value.bind === 'function' &&
    'dgettext' in value &&
    typeof value.dgettext === 'function' &&
    'dngettext' in value &&
    typeof value.dngettext === 'function'
  );
}
