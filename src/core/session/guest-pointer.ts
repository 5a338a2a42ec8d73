import type { Machine } from '../machine/index.js';

/** What a guest knows of a pointer. */
export interface GuestPointer {
  /** It can be told where the pointer is; else only how far it moves. */
  readonly isAbsolute: boolean;
  /** How many motions it can take in a second, as its publisher says; null: as many as there are. */
  readonly mostMotions: number | null;
}

export function pointerOf({ inputs, mouseRateHz }: Machine): GuestPointer {
  return {
    isAbsolute: inputs.some(({ type }) => type === 'tablet'),
    mostMotions: mouseRateHz,
  };
}
