import { cleanText } from '../../text/index.js';
import type { Bounds } from '../limits.js';
import { listWords, refuse } from './refusal.js';

/** The longest part of a wrong value that is shown, in characters. */
const MAX_SHOWN_LENGTH = 60;

/** Long enough for every number within any limit, short enough to be exact as a JavaScript number. */
const DECIMAL = /^[0-9]{1,15}$/;
const HEXADECIMAL = /^0[xX][0-9a-fA-F]{1,12}$/;

/** The text of an attribute or element, on its way to a typed value. */
export class Value {
  constructor(
    readonly path: string,
    readonly text: string,
  ) {}

  /** @throws VmnetxError unless the text is exactly one of the words */
  oneOf<Word extends string>(words: readonly Word[]): Word {
    return (
      words.find((word) => word === this.text) ??
      this.refuse(`only ${listWords(words)} is accepted`)
    );
  }

  /** A whole number as libvirt writes them; hexadecimal ones begin with `0x`. */
  integer(bounds: Bounds): number {
    const isNumber = DECIMAL.test(this.text) || HEXADECIMAL.test(this.text);
    if (!isNumber) this.refuse('a whole number is expected');
    const number = Number(this.text);
    if (number < bounds.min || number > bounds.max) {
      this.refuse(
        bounds.min === bounds.max
          ? `only ${bounds.min} is accepted`
          : `only ${bounds.min} to ${bounds.max} is accepted`,
      );
    }
    return number;
  }

  onOff(): boolean {
    return this.oneOf(['on', 'off']) === 'on';
  }

  /** @param what what is expected, for the message: "a MAC address" */
  matching(pattern: RegExp, what: string): string {
    return pattern.test(this.text) ? this.text : this.refuse(`${what} is expected`);
  }

  refuse(reason: string): never {
    return refuse(this.path, `${reason}, not “${cleanText(this.text, MAX_SHOWN_LENGTH)}”`);
  }
}
