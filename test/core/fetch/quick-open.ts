import { openSource, type OpenedSource, type OpenOptions } from '../../../src/core/fetch/index.js';
import { parsePackageUrl } from '../../../src/core/reference/index.js';

/** Time-outs that a test can wait for. */
export const QUICK = { connect: 400, headers: 400, stall: 400, retry: 1 } as const;

/** Opens an address with quick time-outs. */
export function quickOpen(
  address: string,
  options: Partial<OpenOptions> = {},
): Promise<OpenedSource> {
  const url = parsePackageUrl(address);
  const { signal } = new AbortController();
  return openSource(
    { kind: 'url', url, label: url.label },
    { signal, ...options, timeouts: { ...QUICK, ...options.timeouts } },
  );
}
