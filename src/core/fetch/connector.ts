import { buildConnector } from 'undici';
import { asVmnetxError } from '../errors/index.js';
import { tellErrorsFirst } from './errors-first.js';
import type { FetchCounters } from './fetch-counters.js';

/**
 * Makes counted connections.
 *
 * @param secureOptions asked for when the first connection by TLS is made: that may take some 30 ms,
 *   and what it throws is what the connection fails with
 */
export function makeConnector(
  options: buildConnector.BuildOptions,
  secureOptions: () => buildConnector.BuildOptions,
  counters: FetchCounters,
): buildConnector.connector {
  const plain = buildConnector(options);
  let secure: buildConnector.connector | null = null;
  return (target, callback) => {
    let connector = plain;
    if (target.protocol === 'https:') {
      try {
        connector = secure ??= buildConnector({ ...options, ...secureOptions() });
      } catch (error) {
        callback(asVmnetxError(error), null);
        return;
      }
    }
    connector(target, (...result) => {
      if (result[0] === null) {
        tellErrorsFirst(result[1]);
        counters.watch(result[1]);
      }
      callback(...result);
    });
  };
}
