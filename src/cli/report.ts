import { asVmnetxError } from '../core/errors/index.js';
import type { Style } from './plan.js';

/**
 * Tells the user of a failure and returns the exit status: one line with the code on stderr and a
 * second with what to do, or with `json` one object on stdout.
 */
export function reportFailure(command: string, thrown: unknown, { json, verbose }: Style): number {
  const error = asVmnetxError(thrown);
  if (json) {
    // The fields that are agreed, and no others.
    const { code, message, hint, detail, retryable } = error;
    const plain = { error: { code, message, hint, detail, retryable } };
    process.stdout.write(`${JSON.stringify(plain, null, 2)}\n`);
    return error.status;
  }
  const lines = [`${command}: ${error.message} (${error.code})`];
  if (error.hint !== null) lines.push(error.hint);
  if ((verbose || error.code === 'internal-error') && error.detail !== null)
    lines.push(error.detail);
  process.stderr.write(`${lines.join('\n')}\n`);
  return error.status;
}
