import { fail, VmnetxError } from './vmnetx-error.js';

/**
 * Turns anything thrown into an error that can be shown. What is not from the catalogue is our own
 * fault: it becomes `internal-error` with the original as its cause.
 */
export function asVmnetxError(thrown: unknown): VmnetxError {
  if (thrown instanceof VmnetxError) return thrown;
  return fail('internal-error', {}, { cause: thrown, detail: messageOf(thrown) });
}

/** What anything thrown says for itself, without the kind of error. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
