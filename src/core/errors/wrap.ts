import { fail, VmnetxError } from './vmnetx-error.js';

/**
 * Turns anything thrown into an error that can be shown. What is not from the catalogue is our own
 * fault: it becomes `internal-error` with the original as its cause.
 */
export function asVmnetxError(thrown: unknown): VmnetxError {
  if (thrown instanceof VmnetxError) return thrown;
  const detail = thrown instanceof Error ? thrown.message : String(thrown);
  return fail('internal-error', {}, { cause: thrown, detail });
}
