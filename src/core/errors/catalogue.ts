/** Exit statuses of every command (sysexits.h). */
const USAGE = 64;
const REFUSED = 65;
const NOT_THERE = 66;
const UNAVAILABLE = 69;
const INTERNAL = 70;

interface Entry {
  readonly status: number;
  /** Whether the same call may go through later without anything being changed. */
  readonly retryable: boolean;
  /** What happened, one sentence for the user; `{name}` is replaced by a parameter. */
  readonly message: string;
  /** What to do about it, or null. */
  readonly hint: string | null;
}

/**
 * Every error of the program, in one table. Codes are stable: scripts rely on them. `docs/errors.md`
 * lists them for people and is checked against this table.
 */
export const catalogue = {
  'usage-unknown-option': {
    status: USAGE,
    retryable: false,
    message: 'There is no option “{option}”.',
    hint: 'See “{command} --help”.',
  },
  'usage-arguments': {
    status: USAGE,
    retryable: false,
    message: 'This is not how the command is called: {reason}.',
    hint: 'See “{command} --help”.',
  },
  'usage-not-yet': {
    status: USAGE,
    retryable: false,
    message: '“{word}” does not exist yet in this version.',
    hint: null,
  },

  'reference-missing': {
    status: NOT_THERE,
    retryable: false,
    message: 'There is no file {path}.',
    hint: 'Check the name, or download the file again.',
  },
  'reference-not-xml': {
    status: REFUSED,
    retryable: false,
    message: '{location} is neither a machine reference nor a machine package.',
    hint: 'Ask its publisher for a correct file.',
  },
  'reference-malformed': {
    status: REFUSED,
    retryable: false,
    message: 'The machine reference {location} is not correct: {reason}.',
    hint: 'Ask its publisher for a correct file.',
  },
  'reference-url-refused': {
    status: REFUSED,
    retryable: false,
    message: 'The address “{url}” cannot be opened: {reason}.',
    hint: 'A machine’s address begins with http:// or https://.',
  },
  'reference-remote-machine': {
    status: UNAVAILABLE,
    retryable: false,
    message: 'This link names a machine that runs on a server, which this version cannot show.',
    hint: null,
  },

  'internal-error': {
    status: INTERNAL,
    retryable: false,
    message: 'Something went wrong inside VMNetX.',
    hint: 'Please report it with the details.',
  },
} as const satisfies Record<string, Entry>;

/** The stable, kebab-case name of an error. */
export type ErrorCode = keyof typeof catalogue;

type Placeholders<Template extends string> =
  Template extends `${string}{${infer Name}}${infer Rest}` ? Name | Placeholders<Rest> : never;

type TextOf<Code extends ErrorCode> = (typeof catalogue)[Code][
  'message' | 'hint'] extends infer Text
  ? Text extends string
    ? Text
    : never
  : never;

/** The parameters that the sentence and the hint of a code ask for. */
export type ParametersOf<Code extends ErrorCode> = Readonly<
  Record<Placeholders<TextOf<Code>>, string | number>
>;
