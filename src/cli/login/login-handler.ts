import type { LoginHandler, LoginRequest } from '../../core/fetch/index.js';
import { parseLocation, type Credentials } from '../../core/reference/index.js';
import { askOnTerminal } from './ask-on-terminal.js';
import type { GivenLogin } from './given-login.js';
import { hasTerminal } from './terminal-prompt.js';

/**
 * Asks a person for a name and a password, or only for the password of the name that is given; null
 * when nobody answers.
 */
export type AskForLogin = (
  request: LoginRequest,
  username: string | null,
  signal: AbortSignal,
) => Promise<Credentials | null>;

/**
 * Makes what answers a web server that asks who is there: by the name and the password that the
 * command was given, or else by a person. Without either nobody logs in.
 *
 * @param location what the user named: the name and the password are for its server, and not for
 *   one to which that leads; where it is a file, they are for the server that asks first. Where it is
 *   https, they are for https only
 * @param ask null to ask on the terminal, if there is one
 */
export function loginHandler(
  given: GivenLogin,
  location: string,
  ask: AskForLogin | null = null,
): LoginHandler {
  const login = new Login(given, serverOf(location), ask);
  return (request, signal) => login.answer(request, signal);
}

type Server = Pick<LoginRequest, 'host' | 'secure'>;

class Login {
  readonly #given: GivenLogin;
  readonly #ask: AskForLogin | null;
  readonly #warned = new Set<string>();
  /** The server that the given name and password are for; null until one asks. */
  #server: Server | null;

  constructor(given: GivenLogin, server: Server | null, ask: AskForLogin | null) {
    this.#given = given;
    this.#server = server;
    this.#ask = ask;
  }

  async answer(request: LoginRequest, signal: AbortSignal): Promise<Credentials | null> {
    this.#server ??= request;
    const { password } = this.#given;
    const user = isAsGiven(request, this.#server) ? this.#given.user : null;
    if (user !== null && password !== null) {
      if (request.refused) return null;
      this.#warnOfReaders(request);
      return { username: user, password };
    }
    if (this.#ask !== null) return this.#ask(request, user, signal);
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
