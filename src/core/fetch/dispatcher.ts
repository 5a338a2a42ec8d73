import type { SecureContext } from 'node:tls';
import { Agent, EnvHttpProxyAgent, Pool, type Dispatcher } from 'undici';
import { fail, messageOf } from '../errors/index.js';
import type { Environment } from '../places/index.js';
import type { AddressGuard } from './address-guard.js';
import { trustedContext } from './certificates.js';
import { makeConnector } from './connector.js';
import type { FetchCounters } from './fetch-counters.js';
import type { HttpTimeouts } from './timeouts.js';

/** Parallel requests to a server: enough to fill a fast line over a long distance. */
const CONNECTIONS = 8;
/** How long an idle connection is kept, in milliseconds; servers usually close after 60 s or more. */
const KEEP_ALIVE = 30_000;
/**
 * How long the first of several addresses of a server is tried before the next one, in milliseconds.
 * Node's 250 ms are less than the way to another continent takes: none would ever be reached.
 */
const ADDRESS_ATTEMPT = 3000;
/** The longest head of an answer, in bytes: what other clients bear (curl: 300 KB, nginx: 32 KB). */
const MAX_HEAD_BYTES = 64 * 1024;

/**
 * Makes connections: to the servers themselves or to the proxies that the environment names
 * (`http_proxy`, `https_proxy`, `no_proxy`), with this computer's certificates.
 *
 * @param guard asked about each address of a server; a proxy may be anywhere
 * @throws VmnetxError `network-proxy`; `host-…` for certificates that the environment names
 */
export function makeDispatcher(
  timeouts: HttpTimeouts,
  counters: FetchCounters,
  guard: AddressGuard,
): Dispatcher {
  const patience = { timeout: timeouts.connect, autoSelectFamilyAttemptTimeout: ADDRESS_ATTEMPT };
  let trusted: SecureContext | null = null;
  const secureOptions = () => ({ secureContext: (trusted ??= trustedContext(process.env)) });
  const guarded = { ...patience, lookup: guard.lookup };
  const connect = makeConnector(guarded, secureOptions, counters);
  // No stranger names it, but the environment.
  const connectToProxy = makeConnector(patience, secureOptions, counters);
  const limits = {
    connections: CONNECTIONS,
    keepAliveTimeout: KEEP_ALIVE,
    maxHeaderSize: MAX_HEAD_BYTES,
    // Exchange watches the time of each answer itself, in total and also while it trickles.
    headersTimeout: 0,
    bodyTimeout: 0,
  };
  // Else one would be looked for at each request.
  if (!namesProxy(process.env)) return new Agent({ ...limits, connect });
  const requestTls = { ...patience, ...secureOptions() };
  try {
    return new EnvHttpProxyAgent({
      ...limits,
      connect,
      // Proxies commonly refuse to tunnel to port 80.
      proxyTunnel: false,
      // Inside of tunnels.
      requestTls,
      // To the proxy, for tunnels.
      clientFactory: (origin) =>
        new Pool(origin, { ...limits, connect: connectToProxy, headersTimeout: timeouts.headers }),
      // To servers; or, for http, to the proxy, which comes without our limits and connector.
      factory: (origin, options) =>
        new Pool(
          origin,
          Object.assign(
            { ...limits, connect: connectToProxy },
            'connections' in options ? options : {},
          ),
        ),
    });
  } catch (error) {
    throw fail('network-proxy', {}, { cause: error, detail: messageOf(error) });
  }
}

function namesProxy(environment: Environment): boolean {
  const variables = ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY'];
  return variables.some((variable) => (environment[variable] ?? '') !== '');
}
