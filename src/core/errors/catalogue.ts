/** Exit statuses of every command (sysexits.h). */
const USAGE = 64;
const REFUSED = 65;
const NOT_THERE = 66;
const UNAVAILABLE = 69;
const INTERNAL = 70;
const NOT_ALLOWED = 77;

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

  'host-root': {
    status: NOT_ALLOWED,
    retryable: false,
    message: 'Machines do not run as root.',
    hint: 'Start VMNetX from an ordinary account.',
  },
  'host-no-display': {
    status: UNAVAILABLE,
    retryable: false,
    message: 'There is no display to open a window on.',
    hint: 'Start VMNetX from a desktop session, or under Xvfb.',
  },
  'host-no-gtk': {
    status: UNAVAILABLE,
    retryable: false,
    message: 'The window needs {library}, which is not installed completely.',
    hint: 'Install GTK 3 and GtkVnc with their GObject introspection data (on Debian: gir1.2-gtk-3.0 and gir1.2-gtk-vnc-2.0).',
  },
  'host-no-runtime-directory': {
    status: UNAVAILABLE,
    retryable: false,
    message: 'There is no private folder for sockets: XDG_RUNTIME_DIR is not set.',
    hint: 'Log in to a desktop session, or set XDG_RUNTIME_DIR to a folder that only you can enter.',
  },
  'host-no-kvm': {
    status: UNAVAILABLE,
    retryable: false,
    message: 'Hardware virtualisation (KVM) was asked for, but cannot be used on this computer.',
    hint: 'Leave out the option to run the machine in slower software emulation.',
  },
  'host-machine-stopped': {
    status: UNAVAILABLE,
    retryable: true,
    message: 'The machine stopped unexpectedly.',
    hint: 'Start it again. If it happens every time, send the details to its publisher.',
  },
  'host-pages-lost': {
    status: UNAVAILABLE,
    retryable: true,
    message: 'The machine was stopped, because the part of VMNetX that brings its data ended.',
    hint: 'Start it again.',
  },
  'host-mount-directory': {
    status: NOT_THERE,
    retryable: false,
    message: '{path} is not an empty folder.',
    hint: 'Make an empty folder to mount on.',
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
