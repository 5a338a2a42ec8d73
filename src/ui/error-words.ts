import { catalogue, type VmnetxError } from '../core/errors/index.js';
import { translateMarked } from './translate.js';

/** What the window says about an error, in the language of the desktop. */
export interface ErrorWords {
  readonly message: string;
  /** What to do about it, or null. */
  readonly hint: string | null;
}

/** The sentences of an error; its own are English, for logs and for who is asked for help. */
export function translatedError({ code, parameters }: VmnetxError): ErrorWords {
  const { message, hint } = catalogue[code];
  // Only words of our own have a translation.
  const values = Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [name, translateMarked(value)]),
  );
  return {
    message: translateMarked(message, values),
    hint: hint === null ? null : translateMarked(hint, values),
  };
}
