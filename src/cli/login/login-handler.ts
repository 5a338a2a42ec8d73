import type { LoginHandler, LoginRequest } from '../../core/fetch/index.js';
import { parseLocation, type Credentials } from '../../core/reference/index.js';
import { askOnTerminal } from './ask-on-terminal.js';
import type { LoginOptions } from './login-options.js';
import { readPasswordFile } from './password-file.js';
import { hasTerminal } from './terminal-prompt.js';

/**
 * Makes what answers a web server that asks who is there: by the name and the password that the
 * command was given, or else by the person at the terminal. Without either nobody logs in.
 *
 * @param location what the user named: the name and the password are for its server, and not for
 *   one to which that leads; where it is a file, they are for the server that asks first
 * @throws VmnetxError `host-…`, `usage-password-file`
 */
export async function loginHandler(
  { user, passwordFile }: LoginOptions,
  location: string,
): Promise<LoginHandler> {
  const password = passwordFile === null ? null : await readPasswordFile(passwordFile);
  const login = new Login(user, password, hostOf(location));
  return (request, signal) => login.answer(request, signal);
}

class Login {
  readonly #user: string | null;
  readonly #password: string | null;
  readonly #warned = new Set<string>();
  /** The server that the given name and password are for; null until one asks. */
  #host: string | null;

  constructor(user: string | null, password: string | null, host: string | null) {
    this.#user = user;
    this.#password = password;
    this.#host = host;
  }

  async answer(request: LoginRequest, signal: AbortSignal): Promise<Credentials | null> {
    const { host, refused } = request;
    this.#host ??= host;
    const user = host === this.#host ? this.#user : null;
    if (user !== null && this.#password !== null) {
      if (refused) return null;
      this.#warnOfReaders(request);
      return { username: user, password: this.#password };
    }
    if (!hasTerminal()) return null;
    this.#warnOfReaders(request);
    return askOnTerminal(request, user, signal);
  }

  /** Digest sends no password; Basic without encryption shows it to everybody on the way. */
  #warnOfReaders({ host, scheme, secure }: LoginRequest): void {
    if (scheme !== 'basic' || secure || this.#warned.has(host)) return;
    this.#warned.add(host);
    process.stderr.write(
      `vmnetx: The connection to ${host} is not encrypted: others can read the password.\n`,
    );
  }
}

/** Null for a file. What is wrong with a location, whoever opens it tells. */
function hostOf(text: string): string | null {
  try {
    const location = parseLocation(text, process.cwd());
    return location.kind === 'url' ? location.url.host : null;
  } catch {
    return null;
  }
}
