import { catalogue, type ErrorCode } from './catalogue.js';
import { VmnetxError, type Parameters } from './vmnetx-error.js';

/** An error as data, which goes from process to process; its sentences are the catalogue's. */
export interface PlainError {
  readonly code: ErrorCode;
  readonly parameters: Parameters;
  readonly detail: string | null;
  /** Only where a server said so: when to ask again, in milliseconds from its answer. */
  readonly retryAfter?: number;
}

export function toPlainError(error: VmnetxError): PlainError {
  const { code, parameters, detail, retryAfter } = error;
  const plain = { code, parameters, detail };
  return retryAfter === null ? plain : { ...plain, retryAfter };
}

export function fromPlainError(plain: PlainError): VmnetxError {
  const { code, parameters, detail, retryAfter = null } = plain;
  return new VmnetxError(code, parameters, { retryAfter, ...(detail === null ? {} : { detail }) });
}

export function isPlainError(value: unknown): value is PlainError {
  return (
    typeof value === 'object' &&
    value !== null &&
    'code' in value &&
    typeof value.code === 'string' &&
    Object.hasOwn(catalogue, value.code) &&
    'parameters' in value &&
    isTexts(value.parameters) &&
    'detail' in value &&
    (value.detail === null || typeof value.detail === 'string') &&
    (!('retryAfter' in value) || typeof value.retryAfter === 'number')
  );
}

function isTexts(value: unknown): value is Parameters {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((text) => typeof text === 'string')
  );
}
