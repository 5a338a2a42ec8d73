import { cleanText } from '../text/index.js';
import { catalogue, type ErrorCode, type ParametersOf } from './catalogue.js';

/** What may accompany an error besides its sentence. */
export interface ErrorContext {
  /** The computer that it is about, for whoever can do something about that one. */
  readonly host?: string;
  /** What failed underneath; kept for the log and for `detail`, never shown on its own. */
  readonly cause?: unknown;
  /** One technical line for the curious (a libvirt message, an HTTP status). */
  readonly detail?: string;
  /** When a server wants to be asked again, in milliseconds from now; null where it does not say. */
  readonly retryAfter?: number | null;
}

/** Texts by the names that the catalogue has for them. */
export type Parameters = Readonly<Record<string, string>>;

/** The longest text that is put into a sentence, in characters. */
const MAX_PARAMETER_LENGTH = 300;

/**
 * Every failure that a user can meet. Made by {@link fail} from the catalogue, so that code,
 * sentence, exit status and hint always belong together.
 */
export class VmnetxError extends Error {
  override readonly name = 'VmnetxError';
  readonly code: ErrorCode;
  /** What the user can do about it, or null where there is nothing to do. */
  readonly hint: string | null;
  /** What stands in sentence and hint for the names of the catalogue; clean and short. */
  readonly parameters: Parameters;
  readonly detail: string | null;
  /** Exit status of a command that ends with this error (sysexits.h). */
  readonly status: number;
  /** Whether the same call may go through later without anything being changed. */
  readonly retryable: boolean;
  /** The computer that it is about, as in a URL; null where that is of no use. */
  readonly host: string | null;
  /** Not sooner than after so many milliseconds; null where nobody said. */
  readonly retryAfter: number | null;

  constructor(code: ErrorCode, parameters: Parameters, context: ErrorContext) {
    const { message, hint } = catalogue[code];
    const fill = (template: string): string =>
      template.replace(/\{(\w+)\}/g, (_, name: string) => parameters[name] ?? '');
    super(fill(message), context.cause === undefined ? undefined : { cause: context.cause });
    this.code = code;
    this.hint = hint === null ? null : fill(hint);
    this.parameters = parameters;
    this.detail = context.detail ?? null;
    this.status = catalogue[code].status;
    this.retryable = catalogue[code].retryable;
    this.host = context.host ?? null;
    this.retryAfter = context.retryAfter ?? null;
  }
}

/**
 * Makes the error of the given code. Parameters are cleaned of control and bidirectional
 * characters and shortened: they often come from strangers.
 *
 * @example throw fail('server-not-found', { url: 'https://example.org/a.nxpk' });
 */
export function fail<Code extends ErrorCode>(
  code: Code,
  parameters: ParametersOf<Code>,
  context: ErrorContext = {},
): VmnetxError {
  const values = Object.entries<string | number>(parameters).map(
    ([name, value]) => [name, cleanText(String(value), MAX_PARAMETER_LENGTH)] as const,
  );
  return new VmnetxError(code, Object.fromEntries(values), context);
}
