import { isIPv6 } from 'node:net';
import { fail } from '../errors/index.js';
import type { Environment } from '../places/index.js';
import { readSettings, settingsPath } from './settings-file.js';

const NAME = 'links.privateHosts';
/** Each is compared with each server: a school has some, not thousands. */
const MAX_HOSTS = 100;

/** A server, or a network with all that is in it. */
export type PrivateHost =
  /** In ASCII and lower case. */
  | { readonly name: string }
  | { readonly address: string; readonly family: 'ipv4' | 'ipv6'; readonly prefix: number };

/**
 * The hosts of private networks to which links may lead, by the setting `links.privateHosts`: names,
 * addresses, and networks such as `10.1.0.0/16`. None where there is no such setting.
 *
 * @throws VmnetxError `settings-malformed`, `host-…`
 */
export async function readPrivateHosts(environment: Environment): Promise<readonly PrivateHost[]> {
  const value = (await readSettings(environment))[NAME] ?? [];
  const malformed = (reason: string) =>
    fail('settings-malformed', { path: settingsPath(environment), reason });
  if (!Array.isArray(value) || value.length > MAX_HOSTS) {
    throw malformed(`“${NAME}” is not a list of at most ${MAX_HOSTS} hosts`);
  }
  return value.map((entry: unknown) => {
    const host = typeof entry === 'string' ? parsePrivateHost(entry) : null;
    if (host === null)
      throw malformed(`“${NAME}” holds ${JSON.stringify(entry)}, which is no host`);
    return host;
  });
}

/** What stands in the settings of a user who lets links lead to these hosts. */
export function privateHostsSetting(hosts: readonly string[]): string {
  return JSON.stringify({ [NAME]: hosts });
}

/** Null for what is neither a host's name nor an address nor a network. */
export function parsePrivateHost(text: string): PrivateHost | null {
  const [, host = '', length] = /^([^/]{1,253})(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  // What a name or an address looks like in a URL is what it is compared with.
  const address = `http://${isIPv6(host) ? `[${host}]` : host}/`;
  if ((!isIPv6(host) && /[\s:?#@\\[\]]/.test(host)) || !URL.canParse(address)) return null;
  const { hostname } = new URL(address);
  const inBrackets = /^\[(.*)\]$/.exec(hostname)?.[1];
  const isAddress = inBrackets !== undefined || /^\d+(?:\.\d+){3}$/.test(hostname);
  if (!isAddress) {
    const isName = length === undefined && /^[\w.-]+$/.test(hostname);
    return isName ? { name: hostname.replace(/\.$/, '') } : null;
  }

  const family = inBrackets === undefined ? 'ipv4' : 'ipv6';
  const bits = family === 'ipv4' ? 32 : 128;
  const prefix = length === undefined ? bits : Number(length);
  return prefix <= bits ? { address: inBrackets ?? hostname, family, prefix } : null;
}
