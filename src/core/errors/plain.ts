import { catalogue, type ErrorCode } from './catalogue.js';
import { VmnetxError } from './vmnetx-error.js';

/** An error as data: what `--json` prints, and what goes from process to process. */
export interface PlainError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string | null;
  readonly detail: string | null;
  readonly retryable: boolean;
}

export function toPlainError(error: VmnetxError): PlainError {
  const { code, message, hint, detail, retryable } = error;
  return { code, message, hint, detail, retryable };
}

export function fromPlainError({ code, message, hint, detail }: PlainError): VmnetxError {
  return new VmnetxError(code, message, hint, detail === null ? {} : { detail });
}

export function isPlainError(value: unknown): value is PlainError {
  return (
    typeof value === 'object' &&
    value !== null &&
    'code' in value &&
    typeof value.code === 'string' &&
    Object.hasOwn(catalogue, value.code) &&
    'message' in value &&
    typeof value.message === 'string' &&
    'hint' in value &&
    isTextOrNull(value.hint) &&
    'detail' in value &&
    isTextOrNull(value.detail)
  );
}

function isTextOrNull(value: unknown): value is string | null {
  return value === null || typeof value === 'string';
}
