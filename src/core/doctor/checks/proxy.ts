import type { Environment } from '../../places/index.js';
import { bad, good, type Check } from '../check.js';

/** What reads these takes the first that is set. */
const VARIABLES = [
  ['http_proxy', 'HTTP_PROXY'],
  ['https_proxy', 'HTTPS_PROXY'],
] as const;

/** The proxies by which web servers are reached, without the names and passwords for them. */
export const proxy: Check = {
  id: 'proxy',
  title: 'Proxy',
  needed: false,
  examine: ({ environment }) => Promise.resolve(examineProxies(environment)),
};

function examineProxies(environment: Environment) {
  const named = VARIABLES.flatMap((names) => {
    const name = names.find((one) => (environment[one] ?? '') !== '');
    return name === undefined ? [] : [{ name, address: addressIn(environment[name] ?? '') }];
  });
  const wrong = named.filter(({ address }) => address === null);
  if (wrong.length > 0) {
    return bad(
      `What ${wrong.map(({ name }) => name).join(' and ')} names is no address.`,
      'Web servers cannot be reached.',
      'It is an address like http://proxy.example.org:3128.',
    );
  }
  if (named.length === 0) {
    return good('The environment names none.', 'Web servers are reached without one.');
  }
  const list = named.map(({ name, address }) => `${address ?? ''} (${name})`).join(', ');
  return good(`The environment names ${list}.`, 'Web servers are reached through it.');
}

function addressIn(text: string): string | null {
  if (!URL.canParse(text)) return null;
  const { protocol, host } = new URL(text);
  return /^(?:https?|socks5?):$/.test(protocol) ? host : null;
}
