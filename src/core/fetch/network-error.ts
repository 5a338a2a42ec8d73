import { fail, messageOf, VmnetxError } from '../errors/index.js';

const TLS_CODE =
  /^(?:ERR_TLS|ERR_SSL|CERT_|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED|HOSTNAME_|CRL_)|^EPROTO$/;

const CUT_OFF = '(Invalid EOF state)';

/** What undici and Node report when no answer could be had, as an error for the user. */
export function networkError(error: unknown, host: string): Error {
  if (error instanceof VmnetxError) return error;
  const code = codeOf(error);
  const context = { cause: error, detail: code === '' ? messageOf(error) : code };
  switch (code) {
    case 'EAI_AGAIN':
    case 'EAI_FAIL':
    case 'ENETUNREACH':
    case 'EHOSTUNREACH':
    case 'ENETDOWN':
      return fail('network-unreachable', {}, context);
    case 'ENOTFOUND':
    case 'EAI_NODATA':
    case 'EAI_NONAME':
      return fail('network-host-not-found', { host }, context);
    case 'ECONNREFUSED':
      return fail('network-refused', { host }, context);
    case 'ETIMEDOUT':
    case 'UND_ERR_CONNECT_TIMEOUT':
    case 'UND_ERR_HEADERS_TIMEOUT':
    case 'UND_ERR_BODY_TIMEOUT':
      return fail('network-timeout', { host }, context);
    case 'UND_ERR_HEADERS_OVERFLOW':
      return fail('server-answer', { host, reason: 'its headers do not end' }, context);
    case 'UND_ERR_DESTROYED':
    case 'UND_ERR_CLOSED':
      return new DOMException('The source was closed', 'AbortError');
    default:
      // undici has no code for it: of a tunnel, and of a request that is to be forwarded.
      if (/^Proxy (?:response|Authentication Required) \(407\)/.test(messageOf(error))) {
        return fail('network-proxy-login', { host }, context);
      }
      if (TLS_CODE.test(code)) return fail('network-tls', { host }, context);
      // undici leaves out the parser's code. A body of unknown length that is cut off is no nonsense.
      if (
        error instanceof Error &&
        error.name === 'HTTPParserError' &&
        !error.message.endsWith(CUT_OFF)
      ) {
        return fail('server-answer', { host, reason: 'it does not speak HTTP' }, context);
      }
      return fail('network-failed', { host }, context);
  }
}

function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return typeof code === 'string' ? code : '';
}
