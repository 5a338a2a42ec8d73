import { readPackageXml } from '../fixtures.js';

/** The sound machine that every case spoils in one place. */
export const XML = readPackageXml('xp-2012');

export const DEVICES = '/domain/devices';

/** A title, text of the sound machine, what stands there instead, and the path that is named. */
export type Case = readonly [what: string, from: string, to: string, path: string];

/** An element put in front of the first of a kind. */
export function before(anchor: string, added: string, path: string, what = added): Case {
  return [what, anchor, `${added}${anchor}`, path];
}

export function amongDevices(added: string, path = `${DEVICES}/${firstName(added)}`): Case {
  return before('<video>', added, path);
}

export function inDomain(added: string, below = ''): Case {
  return before('<devices>', added, `/domain/${firstName(added)}${below}`);
}

function firstName(xml: string): string {
  return /\w+/.exec(xml)?.[0] ?? '';
}
