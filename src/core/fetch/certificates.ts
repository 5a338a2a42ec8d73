import { readFileSync } from 'node:fs';
import { createSecureContext, type SecureContext } from 'node:tls';
import { fileError } from '../errors/index.js';
import type { Environment } from '../places/index.js';

/** Where distributions keep the authorities that their administrators trust. */
const BUNDLES = [
  '/etc/ssl/certs/ca-certificates.crt', // Debian, Ubuntu, Arch
  '/etc/pki/tls/certs/ca-bundle.crt', // Fedora
  '/etc/ssl/ca-bundle.pem', // openSUSE
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem', // Red Hat
  '/etc/ssl/cert.pem', // Alpine
] as const;

/**
 * What TLS connections are checked with: the authorities of this computer, as for every other
 * program of the desktop, and only where there are none, those that Node brings. `SSL_CERT_FILE`
 * stands in for them (openssl-env(7)); `NODE_EXTRA_CA_CERTS` adds to them. Takes some 30 ms.
 *
 * @throws VmnetxError `host-…` if a file that the environment names cannot be read
 */
export function trustedContext(environment: Environment): SecureContext {
  const bundle = named(environment, 'SSL_CERT_FILE') ?? systemBundle();
  if (bundle === null) return createSecureContext();
  const extra = named(environment, 'NODE_EXTRA_CA_CERTS');
  return createSecureContext({ ca: extra === null ? [bundle] : [bundle, extra] });
}

function named(environment: Environment, variable: string): string | null {
  const path = environment[variable] ?? '';
  if (path === '') return null;
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw fileError(path, error);
  }
}

function systemBundle(): string | null {
  for (const path of BUNDLES) {
    try {
      return readFileSync(path, 'utf8');
    } catch {
      // The next distribution's place.
    }
  }
  return null;
}
