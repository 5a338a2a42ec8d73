import type { LoginRequest } from '../../core/fetch/index.js';
import type { Credentials } from '../../core/reference/index.js';
import { promptOnTerminal } from './terminal-prompt.js';

/**
 * Asks for a name and a password on the terminal.
 *
 * @param username null to ask for it
 * @returns null when the person does not want to log in: no name, or Ctrl-D
 */
export function askOnTerminal(
  { host, realm, refused, username: last }: LoginRequest,
  username: string | null,
  signal: AbortSignal,
): Promise<Credentials | null> {
  return promptOnTerminal(signal, async (prompt) => {
    if (refused) process.stderr.write(`${host} does not accept this name and password.\n`);
    const place = realm === '' ? '' : ` for “${realm}”`;
    process.stderr.write(`${host} asks for a name and a password${place}.\n`);
    const name = username ?? (await askName(last));
    if (name === '') return null;
    const whose = username === null ? '' : ` of ${username}`;
    return { username: name, password: await prompt.askSecret(`Password${whose}: `) };

    async function askName(proposal: string | null): Promise<string> {
      const answer = await prompt.ask(proposal === null ? 'Name: ' : `Name [${proposal}]: `);
      return answer === '' ? (proposal ?? '') : answer;
    }
  });
}
