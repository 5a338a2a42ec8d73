import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  FULL_REACH,
  type LoginRequest,
  type OpenedSource,
  type OpenOptions,
} from '../../../src/core/fetch/index.js';
import { parseChallenges } from '../../../src/core/fetch/challenge.js';
import type { Credentials } from '../../../src/core/reference/index.js';
import { sendRange, startServer, type ScriptedServer } from '../../support/scripted-server.js';
import { quickOpen } from './quick-open.js';

const { signal } = new AbortController();
const content = Buffer.alloc(400_000, 7);
const USER: Credentials = { username: 'Zoë', password: 'ge:heim ü' };

/** Whether a request may pass; sends the challenge if not. */
type Guard = (request: IncomingMessage, response: ServerResponse) => boolean;

function refuse(response: ServerResponse, challenge: string | readonly string[]): false {
  response.writeHead(401, { 'www-authenticate': [...[challenge].flat()] }).end('<html>no</html>');
  return false;
}

/** Basic, with UTF-8 (RFC 7617). */
const basicGuard =
  (
    challenge = 'Basic realm="the archive", charset="UTF-8"',
    { username, password } = USER,
  ): Guard =>
  ({ headers }, response) => {
    const wanted = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
    return headers.authorization === wanted || refuse(response, challenge);
  };

interface DigestSite {
  readonly guard: Guard;
  /** Lets the nonces of before expire, and says so or not. */
  renew(sayStale: boolean): void;
}

/** Digest as a server does it: nonces of its own, counts that may not come twice (RFC 7616). */
function digestSite(algorithm: string, { username, password } = USER): DigestSite {
  const name = algorithm
    .replace(/-sess$/i, '')
    .toLowerCase()
    .replace('sha-', 'sha');
  const hash = (text: string) => createHash(name).update(text).digest('hex');
  let nonce = 'n1';
  let stale = false;
  const counts = new Set<string>();
  return {
    renew(sayStale) {
      nonce = `n${Number(nonce.slice(1)) + 1}`;
      stale = sayStale;
    },
    guard({ headers, url }, response) {
      const challenge = `Digest realm="the \\"old\\" archive", qop="auth", algorithm=${algorithm}, nonce="${nonce}", opaque="o"${stale ? ', stale=true' : ''}`;
      const [answer] = parseChallenges(headers.authorization ?? '');
      const field = (key: string) => answer?.parameters.get(key) ?? '';
      const sent = `${field('nonce')} ${field('nc')} ${field('cnonce')}`;
      const fresh = field('nonce') === nonce && !counts.has(sent);
      counts.add(sent);
      const who = field('username*').replace(/^UTF-8''/, '');
      const plain = hash(`${username}:the "old" archive:${password}`);
      const secret = /-sess$/i.test(algorithm)
        ? hash(`${plain}:${nonce}:${field('cnonce')}`)
        : plain;
      const expected = hash(`${secret}:${nonce}:${field('nc')}:${field('cnonce')}:auth:${hash(`GET:${url ?? ''}`)}`); // prettier-ignore
      const right =
        fresh &&
        decodeURIComponent(who) === username &&
        field('uri') === url &&
        field('opaque') === 'o' &&
        field('response') === expected;
      return right || refuse(response, challenge);
    },
  };
}

describe('a log-in', () => {
  let server: ScriptedServer | null = null;
  const sources: OpenedSource[] = [];

  afterEach(async () => {
    await Promise.all(sources.map((source) => source.close()));
    sources.length = 0;
    await server?.stop();
    server = null;
  });

  async function serve(guard: Guard): Promise<string> {
    server = await startServer((request, response) => {
      if (guard(request, response)) sendRange(request, response, content);
    });
    return `${server.origin}/a?b=c`;
  }

  async function open(address: string, options: Partial<OpenOptions> = {}): Promise<OpenedSource> {
    const source = await quickOpen(address, options);
    sources.push(source);
    return source;
  }

  const withUser = (address: string): string =>
    address.replace('//', `//${USER.username}:${encodeURIComponent(USER.password)}@`);

  it('goes by Basic with what stands in the address, and from then on at once', async () => {
    const source = await open(withUser(await serve(basicGuard())));
    await source.read(300_000, 10, signal);
    const sent = server?.requests.map(({ headers }) => headers.authorization !== undefined);
    assert.deepEqual(sent, [false, true, true]);
    assert.doesNotMatch(source.label, /geheim|Zo/);
  });

  for (const algorithm of ['MD5', 'MD5-sess', 'SHA-256', 'SHA-256-sess']) {
    it(`goes by Digest with ${algorithm}, counting each request`, async () => {
      const source = await open(withUser(await serve(digestSite(algorithm).guard)));
      const reads = Array.from({ length: 10 }, (_, n) => source.read(300_000 + n, 10, signal));
      await Promise.all(reads);
      assert.equal(server?.requests.length, 12);
    });
  }

  it('takes the best that the server offers', async () => {
    const { guard } = digestSite('SHA-256');
    const address = await serve((request, response) => {
      if (request.headers.authorization !== undefined) return guard(request, response);
      return refuse(response, [
        'Negotiate',
        'Basic realm="x"',
        'Digest realm="x", nonce="n", algorithm=MD5, qop="auth", Digest realm="the \\"old\\" archive", qop="auth", algorithm=SHA-256, nonce="n1", opaque="o"',
      ]);
    });
    await open(withUser(address));
    assert.match(server?.requests[1]?.headers.authorization ?? '', /algorithm=SHA-256/);
  });

  for (const sayStale of [true, false]) {
    it(`goes on with a new nonce, ${sayStale ? 'also' : 'even'} when the server ${sayStale ? 'calls the old one stale' : 'does not say why'}`, async () => {
      const site = digestSite('SHA-256');
      const asked: LoginRequest[] = [];
      const source = await open(withUser(await serve(site.guard)), {
        onLogin: (request) => {
          asked.push(request);
          return Promise.resolve(null);
        },
      });
      await source.read(300_000, 10, signal);
      site.renew(sayStale);
      await Promise.all([source.read(300_010, 10, signal), source.read(300_020, 10, signal)]);
      assert.deepEqual(asked, []);
    });
  }

  it('is asked for once, however many requests wait for it', async () => {
    let locked = false;
    const guard = basicGuard();
    const address = await serve((request, response) => !locked || guard(request, response));
    const asked: LoginRequest[] = [];
    const source = await open(address, {
      onLogin: async (request) => {
        asked.push(request);
        await sleep(100);
        return USER;
      },
    });
    locked = true;
    await Promise.all(Array.from({ length: 8 }, (_, n) => source.read(300_000 + n, 10, signal)));
    assert.deepEqual(asked, [
      {
        host: new URL(address).host,
        realm: 'the archive',
        scheme: 'basic',
        secure: false,
        refused: false,
        username: null,
      },
    ]);
  });

  it('is asked for again after a wrong one, but not more than three times in all', async () => {
    const address = await serve(basicGuard());
    const asked: (readonly [boolean, string | null])[] = [];
    const answers = [{ username: 'b', password: '1' }, { username: 'c', password: '2' }, USER];
    const onLogin = ({ refused, username }: LoginRequest) => {
      asked.push([refused, username]);
      return Promise.resolve(answers[asked.length - 1] ?? null);
    };
    await open(address, { onLogin });
    assert.deepEqual(asked, [
      [false, null],
      [true, 'b'],
      [true, 'c'],
    ]);

    asked.length = 0;
    await assert.rejects(open(address.replace('//', '//a:0@'), { onLogin }), (error) => {
      assert.ok(error instanceof Error && 'code' in error && 'status' in error);
      assert.deepEqual([error.code, error.status], ['server-login-refused', 77]);
      return true;
    });
    assert.deepEqual(asked, [
      [true, 'a'],
      [true, 'b'],
    ]);
  });

  it('is an error when nobody can be asked, or does not want to answer', async () => {
    const address = await serve(basicGuard());
    await assert.rejects(open(address), { code: 'server-login-required', status: 77 });
    await assert.rejects(open(address, { onLogin: () => Promise.resolve(null) }), {
      code: 'server-login-required',
    });
    await assert.rejects(open(address.replace('//', '//a:b@')), { code: 'server-login-refused' });
  });

  it('is an error in ways that are not known, and says which they are', async () => {
    const challenges: readonly [string, string][] = [
      ['Negotiate', 'negotiate'],
      ['Digest realm="a", nonce="b", algorithm=SHA-1', 'digest'],
      ['', 'none'],
    ];
    for (const [challenge, ways] of challenges) {
      const address = await serve((_, response) => refuse(response, challenge));
      await assert.rejects(open(withUser(address)), {
        code: 'server-login-required',
        detail: `HTTP status 401; ways to log in: ${ways}`,
      });
      await server?.stop();
    }
  });

  it('ends with a server that never lets in', async () => {
    let nonce = 0;
    const address = await serve((_, response) =>
      refuse(response, `Digest realm="a", qop="auth", stale=true, nonce="${++nonce}"`),
    );
    await assert.rejects(open(withUser(address)), { code: 'server-login-refused' });
    assert.ok((server?.requests.length ?? 0) < 20);
  });

  it('shows the server’s text for the place cleaned and short', async () => {
    const asked: LoginRequest[] = [];
    const onLogin = (request: LoginRequest) => {
      asked.push(request);
      return Promise.resolve(null);
    };
    const realms: readonly [string, string][] = [
      ['Stra\u00dfe', 'Straße'],
      ['<b>\u202eevil</b>', '<b>\ufffdevil</b>'],
      ['line\u0085line\u2028line', 'line\ufffdline\ufffdline'],
      ['x'.repeat(5000), `${'x'.repeat(99)}…`],
    ];
    for (const [realm, shown] of realms) {
      const bytes = Buffer.from(realm).toString('latin1');
      const address = await serve((_, response) => refuse(response, `Basic realm="${bytes}"`));
      await assert.rejects(open(address, { onLogin }), { code: 'server-login-required' });
      assert.equal(asked.at(-1)?.realm, shown);
      await server?.stop();
    }
  });

  it('is handed to whoever opens the file once more', async () => {
    const site = digestSite('MD5');
    const address = await serve((request, response) => {
      response.setHeader('set-cookie', 'session=5; Max-Age=1000');
      return site.guard(request, response);
    });
    const first = await open(address, { onLogin: () => Promise.resolve(USER) });
    const handed: unknown = JSON.parse(JSON.stringify(first.access()));
    assert.deepEqual(handed, first.access());
    assert.deepEqual(first.access().credentials, [{ origin: new URL(address).origin, ...USER }]);

    const before = server?.requests.length ?? 0;
    const second = await open(address, { access: first.access() });
    await second.read(300_000, 10, signal);
    const sent = server?.requests.slice(before).map(({ headers }) => headers.cookie);
    assert.deepEqual(sent, ['session=5', 'session=5', 'session=5']);
  });

  it('of another origin stays there', async () => {
    const address = await serve(basicGuard());
    const access = {
      credentials: [{ origin: 'http://127.0.0.1:1', ...USER }],
      cookies: [],
      reach: FULL_REACH,
    };
    await assert.rejects(open(address, { access }), { code: 'server-login-required' });
    assert.equal(server?.requests.length, 1);
  });

  it('can be given up while somebody is asked', async () => {
    const address = await serve(basicGuard());
    const controller = new AbortController();
    let question: AbortSignal | null = null;
    const opening = open(address, {
      signal: controller.signal,
      onLogin: (_, given) => {
        question = given;
        setTimeout(() => {
          controller.abort();
        }, 20);
        return new Promise(() => undefined);
      },
    });
    await assert.rejects(opening, { name: 'AbortError' });
    const isAborted = (given: AbortSignal | null) => given?.aborted;
    assert.equal(isAborted(question), true, 'the question disappears');
  });

  it('is never seen in an error', async () => {
    const address = withUser(await serve((_, response) => {
      response.writeHead(500).end();
      return false;
    })); // prettier-ignore
    await assert.rejects(open(address), (error) => {
      assert.doesNotMatch(`${String(error)} ${JSON.stringify(error)}`, /Zo|heim|b=c/);
      return true;
    });
  });
});
