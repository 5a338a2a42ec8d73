import { fail, VmnetxError } from '../errors/index.js';

/**
 * Why saved memory cannot be packed, for its publisher; what does not say that stays as it is.
 *
 * @param what what cannot be packed: the path of the memory, or whose it is
 */
export function notPacked(what: string, thrown: unknown): unknown {
  if (!(thrown instanceof VmnetxError) || !/^(memory|domain)-/.test(thrown.code)) return thrown;
  const { cause } = thrown;
  // Why a description is refused stands in the refusal of the description.
  const reason = cause instanceof VmnetxError ? cause.message : thrown.message;
  const context = { cause: thrown, detail: thrown.detail ?? thrown.message };
  return fail('memory-not-packed', { what, reason }, context);
}
