import { shortAnswer, type Fault } from '../answer.js';

/** Who may come in. */
export interface Account {
  readonly user: string;
  readonly password: string;
}

/** Answers 401 with any challenges, whatever the client says. */
export function unauthorized(...challenges: readonly string[]): Fault {
  return () => shortAnswer(401, { 'www-authenticate': challenges });
}

/** Basic authentication (RFC 7617), in UTF-8. */
export function basicLogin(account: Account, realm = 'Machines'): Fault {
  const right = Buffer.from(`${account.user}:${account.password}`).toString('base64');
  const challenge = unauthorized(`Basic realm=${quoted(realm)}, charset="UTF-8"`);
  return (answer, exchange) => {
    const [, given] = /^Basic +(.*)$/i.exec(exchange.request.headers.authorization ?? '') ?? [];
    return given === right ? answer : challenge(answer, exchange);
  };
}

/** A quoted string whose characters beyond ASCII go as UTF-8. */
export function quoted(text: string): string {
  return `"${Buffer.from(text.replaceAll(/["\\]/g, '\\$&'), 'utf8').toString('latin1')}"`;
}
