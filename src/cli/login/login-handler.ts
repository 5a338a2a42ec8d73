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
 *   one to which that leads; where it is a file, they are for the server that asks first. Where it is
 *   https, they are for https only
 * @throws VmnetxError `host-…`, `usage-password-file`
 */
export async function loginHandler(
  { user, passwordFile }: LoginOptions,
  location: string,
): Promise<LoginHandler> {
  const password = passwordFile === null ? null : await readPasswordFile(passwordFile);
  const login = new Login(user, password, serverOf(location));
  return (request, signal) => login.answer(request, signal);
}

type Server = Pick<LoginRequest, 'host' | 'secure'>;

class Login {
  readonly #user: string | null;
  readonly #password: string | null;
  readonly #warned = new Set<string>();
  /** The server that the given name and password are for; null until one asks. */
  #server: Server | null;

  constructor(user: string | null, password: string | null, server: Server | null) {
    this.#user = user;
    this.#password = password;
    this.#server = server;
  }

  async answer(request: LoginRequest, signal: AbortSignal): Promise<Credentials | null> {
    this.#server ??= request;
    const user = isAsGiven(request, this.#server) ? this.#user : null;
    if (user !== null && this.#password !== null) {
      if (request.refused) return null;
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

function isAsGiven(request: Server, server: Server): boolean {
  return request.host === server.host && (request.secure || !server.secure);
}

/** Null for a file. What is wrong with a location, whoever opens it tells. */
function serverOf(text: string): Server | null {
  try {
    const location = parseLocation(text, process.cwd());
    if (location.kind === 'file') return null;
    const { host, href } = location.url;
    return { host, secure: href.startsWith('https:') };
  } catch {
    return null;
  }
}
