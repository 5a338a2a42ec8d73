import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LoginRequest } from '../../../src/core/fetch/index.js';
import {
  RememberingLogin,
  type Keyring,
  type LoginAnswer,
  type LoginQuestion,
  type Site,
} from '../../../src/core/login/index.js';
import type { Credentials } from '../../../src/core/reference/index.js';
import { until } from '../../support/wait.js';

const { signal } = new AbortController();
const REQUEST: LoginRequest = {
  host: 'example.org',
  realm: 'Machines',
  scheme: 'digest',
  secure: true,
  refused: false,
  username: null,
};
const REFUSED: LoginRequest = { ...REQUEST, refused: true, username: 'ada' };
const ADA: Credentials = { username: 'ada', password: 'secret' };
const GRACE: Credentials = { username: 'grace', password: 'other' };

/** Keeps passwords in memory; the last one that was kept comes first. */
class Drawer implements Keyring {
  readonly #kept: { readonly site: string; readonly credentials: Credentials }[] = [];

  get passwords(): readonly string[] {
    return this.#kept.map(({ credentials }) => credentials.password);
  }

  find(site: Site, username: string | null) {
    const found = this.#kept.findLast(
      (kept) =>
        kept.site === nameOf(site) &&
        (username ?? kept.credentials.username) === kept.credentials.username,
    )?.credentials;
    if (found === undefined) return Promise.resolve(null);
    return Promise.resolve({
      ...found,
      read: () => Promise.resolve<string | null>(found.password),
    });
  }

  async keep(site: Site, credentials: Credentials) {
    await this.forget(site, credentials.username);
    this.#kept.push({ site: nameOf(site), credentials });
  }

  forget(site: Site, username: string) {
    const at = this.#kept.findIndex(
      (kept) => kept.site === nameOf(site) && kept.credentials.username === username,
    );
    if (at >= 0) this.#kept.splice(at, 1);
    return Promise.resolve();
  }
}

function nameOf({ origin, realm, scheme }: Site): string {
  return [origin, realm, scheme].join(' ');
}

describe('a log-in that remembers', () => {
  let folder = '';
  let drawer: Drawer;
  let asked: LoginQuestion[];
  let notKept: number;
  /** What the person answers, one after the other; null from then on. */
  let answers: LoginAnswer[];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'login-'));
    drawer = new Drawer();
    [asked, answers, notKept] = [[], [], 0];
  });

  afterEach(() => rm(folder, { recursive: true }));

  const loginBy = (keyring: Keyring | null): RememberingLogin =>
    new RememberingLogin({
      ask: (question) => {
        asked.push(question);
        return Promise.resolve(answers.shift() ?? null);
      },
      openKeyring: () => Promise.resolve(keyring),
      onNotKept: () => notKept++,
      environment: { XDG_CONFIG_HOME: folder },
    });

  it('keeps a password only where that is wanted, and asks no more then', async () => {
    const login = loginBy(drawer);
    answers = [
      { credentials: ADA, keep: false },
      { credentials: ADA, keep: true },
    ];
    assert.deepEqual(await login.answer(REQUEST, null, signal), ADA);
    assert.deepEqual(drawer.passwords, []);
    assert.deepEqual(await login.answer(REQUEST, null, signal), ADA);
    assert.deepEqual(await login.answer(REQUEST, null, signal), ADA);
    assert.deepEqual(await loginBy(drawer).answer(REQUEST, null, signal), ADA);
    assert.deepEqual(drawer.passwords, ['secret']);
    assert.equal(asked.length, 2);
  });

  it('proposes the name that was last used at the site, or last refused', async () => {
    answers = [{ credentials: ADA, keep: false }];
    await loginBy(drawer).answer(REQUEST, null, signal);
    await loginBy(null).answer({ ...REQUEST, realm: 'Others' }, null, signal);
    await loginBy(null).answer({ ...REFUSED, username: 'charles' }, null, signal);
    await loginBy(null).answer({ ...REQUEST, host: 'example.com' }, null, signal);
    assert.deepEqual(
      asked.map(({ username }) => username),
      [null, 'ada', 'charles', null],
    );
  });

  it('gives what it kept only to the same site, realm and scheme', async () => {
    await drawer.keep({ origin: 'https://example.org', realm: 'Machines', scheme: 'digest' }, ADA);
    const others: readonly Partial<LoginRequest>[] = [
      { host: 'example.org:8443' },
      { secure: false },
      { realm: 'Others' },
      { scheme: 'basic' },
    ];
    for (const other of others) {
      assert.equal(await loginBy(drawer).answer({ ...REQUEST, ...other }, null, signal), null);
    }
    assert.equal(asked.length, others.length);
    assert.deepEqual(await loginBy(drawer).answer(REQUEST, null, signal), ADA);
  });

  it('gives only what was kept for a name that the command was given', async () => {
    const site = { origin: 'https://example.org', realm: 'Machines', scheme: 'digest' } as const;
    await drawer.keep(site, ADA);
    await drawer.keep(site, GRACE);
    assert.deepEqual(await loginBy(drawer).answer(REQUEST, null, signal), GRACE);
    assert.deepEqual(await loginBy(drawer).answer(REQUEST, 'ada', signal), ADA);
    assert.equal(await loginBy(drawer).answer(REQUEST, 'charles', signal), null);
    assert.equal(asked[0]?.username, 'charles');
  });

  it('says that a kept password was refused, forgets it, and keeps the next in its place', async () => {
    const login = loginBy(drawer);
    answers = [
      { credentials: ADA, keep: true },
      { credentials: { ...ADA, password: 'new' }, keep: true },
    ];
    await login.answer(REQUEST, null, signal);
    // The session is restarted, and the password was changed meanwhile.
    assert.deepEqual(await login.answer(REQUEST, null, signal), ADA);
    await login.answer(REFUSED, null, signal);
    assert.deepEqual(
      asked.map(({ keptRefused, refused, keep }) => [keptRefused, refused, keep]),
      [
        [false, false, false],
        [true, true, true],
      ],
    );
    assert.deepEqual(await login.answer(REQUEST, null, signal), { ...ADA, password: 'new' });
    assert.deepEqual(drawer.passwords, ['new']);
  });

  it('does not keep what the person typed wrong, whether asked again or not', async () => {
    const login = loginBy(drawer);
    const wrong = { credentials: { ...ADA, password: 'wrong' }, keep: true };
    answers = [wrong, wrong];
    await login.answer(REQUEST, null, signal);
    await login.answer(REFUSED, null, signal);
    assert.equal(asked[1]?.keptRefused, false);
    login.refused();
    await until('it is forgotten', () => drawer.passwords.length === 0);
    assert.equal(await login.answer(REQUEST, null, signal), null);
  });

  it('keeps nothing without a keyring, and does not offer it', async () => {
    answers = [{ credentials: ADA, keep: true }];
    assert.deepEqual(await loginBy(null).answer(REQUEST, null, signal), ADA);
    assert.equal(asked[0]?.keepable, false);
    assert.equal(notKept, 0);
  });

  it('does without a keyring that fails', async () => {
    const failing = () => Promise.reject(new Error('no Secret Service'));
    answers = [{ credentials: ADA, keep: false }];
    const broken = { find: failing, keep: failing, forget: failing };
    assert.deepEqual(await loginBy(broken).answer(REQUEST, null, signal), ADA);
    assert.equal(asked[0]?.keepable, false);
  });

  it('asks where the person does not unlock the keyring', async () => {
    const locked = () =>
      Promise.resolve({ username: 'ada', read: () => Promise.resolve<string | null>(null) });
    const keyring = {
      find: locked,
      keep: () => Promise.reject(new Error('locked')),
      forget: () => Promise.resolve(),
    };
    answers = [{ credentials: ADA, keep: true }];
    assert.deepEqual(await loginBy(keyring).answer(REQUEST, null, signal), ADA);
    assert.equal(asked[0]?.keepable, true);
    await until('it is told', () => notKept === 1);
  });

  it('asks one thing at a time, and goes on after one that was given up', async () => {
    const first = new AbortController();
    const open: (() => void)[] = [];
    const login = new RememberingLogin({
      ask: (question) => {
        asked.push(question);
        return new Promise((resolve) =>
          open.push(() => {
            resolve({ credentials: GRACE, keep: false });
          }),
        );
      },
      openKeyring: () => Promise.resolve(null),
      onNotKept: () => notKept++,
      environment: { XDG_CONFIG_HOME: folder },
    });
    const given = assert.rejects(login.answer(REQUEST, null, first.signal), /given up/);
    const second = login.answer({ ...REQUEST, host: 'example.com' }, null, signal);
    await until('the first is asked', () => asked.length > 0);
    assert.equal(asked.length, 1);
    first.abort(new Error('given up'));
    await given;
    await until('the second is asked', () => asked.length === 2);
    open[1]?.();
    assert.deepEqual(await second, GRACE);
  });
});
