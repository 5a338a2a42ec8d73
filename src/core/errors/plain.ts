import { catalogue, type ErrorCode } from './catalogue.js';
import { VmnetxError } from './vmnetx-error.js';

/** An error as data, which goes from process to process. */
export interface PlainError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string | null;
  readonly detail: string | null;
  readonly retryable: boolean;
  /** Only where a server said so: when to ask again, in milliseconds from its answer. */
  readonly retryAfter?: number;
}

export function toPlainError(error: VmnetxError): PlainError {
  const { code, message, hint, detail, retryable, retryAfter } = error;
  const plain = { code, message, hint, detail, retryable };
  return retryAfter === null ? plain : { ...plain, retryAfter };
}

export function fromPlainError(plain: PlainError): VmnetxError {
  const { code, message, hint, detail, retryAfter = null } = plain;
  return new VmnetxError(code, message, hint, {
    retryAfter,
    ...(detail === null ? {} : { detail }),
  });
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
    isTextOrNull(value.detail) &&
    (!('retryAfter' in value) || typeof value.retryAfter === 'number')
  );
}

function isTextOrNull(value: unknown): value is string | null {
  return value === null || typeof value === 'string';
}
