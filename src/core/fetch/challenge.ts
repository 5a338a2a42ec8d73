/** What a server wants to be told who asks (RFC 9110, 11.6.1). */
export interface Challenge {
  /** In lower case. */
  readonly scheme: string;
  /** Names in lower case; bytes above 127 are Latin-1, as they came. */
  readonly parameters: ReadonlyMap<string, string>;
}

const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const PARAMETER = new RegExp(
  `(${TOKEN})[ \\t]*=[ \\t]*(?:"((?:[^"\\\\]|\\\\.)*)"|(${TOKEN}))[ \\t]*(?=,|$)`,
  'y',
);
/** A scheme, perhaps with the credentials of some schemes, which are none of ours. */
const SCHEME = new RegExp(
  `(${TOKEN})(?=[ \\t,]|$)(?:[ \\t]+[0-9A-Za-z._~+/-]+=*[ \\t]*(?=,|$))?`,
  'y',
);
const GAP = /[ \t,]*/y;

/** Reads the value of WWW-Authenticate, several joined by commas; what is not correct ends it. */
export function parseChallenges(header: string): readonly Challenge[] {
  const challenges: { scheme: string; parameters: Map<string, string> }[] = [];
  let at = 0;
  const next = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(header);
    if (match !== null) at = pattern.lastIndex;
    return match;
  };
  for (;;) {
    next(GAP);
    const current = challenges.at(-1);
    const parameter = current === undefined ? null : next(PARAMETER);
    if (parameter !== null) {
      const [, name = '', quoted, token = ''] = parameter;
      const value = quoted === undefined ? token : quoted.replace(/\\(.)/g, '$1');
      const key = name.toLowerCase();
      if (current?.parameters.has(key) === false) current.parameters.set(key, value);
      continue;
    }
    const scheme = next(SCHEME)?.[1];
    if (scheme === undefined) return challenges;
    challenges.push({ scheme: scheme.toLowerCase(), parameters: new Map() });
  }
}

/** A value in quotation marks. */
export function quoted(value: string): string {
  return `"${value.replace(/["\\]/g, '\\$&')}"`;
}
