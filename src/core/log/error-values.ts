import { asVmnetxError } from '../errors/index.js';
import type { LogValues } from './line.js';

/** The deepest cause that is written, counted from the error that the user sees. */
const MAX_CAUSES = 4;

/**
 * What there is to know of a failure: its code, sentence and detail, and what it came from; where it is
 * our own fault, also the place.
 */
export function errorValues(thrown: unknown): LogValues {
  const { code, message, detail, cause } = asVmnetxError(thrown);
  const causes: string[] = [];
  for (let at = cause; at instanceof Error && causes.length < MAX_CAUSES; at = at.cause) {
    causes.push(causeText(at));
  }
  return {
    code,
    message,
    ...(detail === null ? {} : { detail }),
    ...(causes.length === 0 ? {} : { cause: causes.join('; ') }),
    ...(code === 'internal-error' && cause instanceof Error ? { stack: cause.stack ?? '' } : {}),
  };
}

/** Errors of the system and of libvirt have a code, libvirt's also a domain. */
function causeText(error: Error): string {
  const numbers = (['code', 'domain'] as const).flatMap((name) => {
    const value: unknown = Object.getOwnPropertyDescriptor(error, name)?.value;
    return typeof value === 'number' || typeof value === 'string' ? [`${name} ${value}`] : [];
  });
  const which = numbers.length === 0 ? '' : ` (${numbers.join(', ')})`;
  return `${error.name}${which}: ${error.message}`;
}
