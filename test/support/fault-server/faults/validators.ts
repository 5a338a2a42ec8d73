import { withHeaders, type Fault } from '../answer.js';

/** Sends another entity tag with the right bytes, a weak one, or none (null). */
export function etag(value: string | null): Fault {
  return (answer) => withHeaders(answer, { etag: value });
}

/** Sends another date with the right bytes, or none (null). */
export function lastModified(value: Date | null): Fault {
  return (answer) => withHeaders(answer, { 'last-modified': value?.toUTCString() ?? null });
}

/** Says nothing that would tell two versions of the file apart. */
export const noValidators: Fault = (answer) =>
  withHeaders(answer, { etag: null, 'last-modified': null });
