import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readGivenLogin } from '../../src/cli/login/given-login.js';
import { loginHandler } from '../../src/cli/login/login-handler.js';

const { signal } = new AbortController();
const SECURE = {
  host: 'example.org',
  realm: '',
  scheme: 'digest',
  secure: true,
  refused: false,
  username: null,
} as const;
const OPEN = { ...SECURE, secure: false } as const;

describe('a name and a password from the command line', () => {
  const stdinIsTerminal = process.stdin.isTTY;
  let folder = '';
  let passwordFile = '';

  before(async () => {
    // Where nobody is at the terminal, nobody is asked.
    process.stdin.isTTY = false;
    folder = await mkdtemp(join(tmpdir(), 'login-handler-'));
    passwordFile = join(folder, 'password');
    await writeFile(passwordFile, 'secret');
  });

  after(async () => {
    process.stdin.isTTY = stdinIsTerminal;
    await rm(folder, { recursive: true });
  });

  const given = { username: 'ada', password: 'secret' };
  const handler = async (location: string) =>
    loginHandler(await readGivenLogin({ user: 'ada', passwordFile }), location);

  it('are not given without encryption to the server of an https address', async () => {
    const answer = await handler('https://example.org/a.nxpk');
    assert.equal(await answer(OPEN, signal), null);
    assert.deepEqual(await answer(SECURE, signal), given);
  });

  it('are given to the server of an http address, also with encryption', async () => {
    const answer = await handler('http://example.org/a.nxpk');
    assert.deepEqual(await answer(OPEN, signal), given);
    assert.deepEqual(await answer(SECURE, signal), given);
  });

  it('are given to the first server that a file leads to, never less safely than at first', async () => {
    const answer = await handler('/a.netx');
    assert.deepEqual(await answer(SECURE, signal), given);
    assert.equal(await answer(OPEN, signal), null);
    assert.equal(await answer({ ...SECURE, host: 'other.example.org' }, signal), null);
  });
});
