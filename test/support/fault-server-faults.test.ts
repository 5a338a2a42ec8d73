import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { Agent } from 'node:http';
import { connect } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { bytesFile, faults, startFaultServer, type FaultServer, type Rule } from './fault-server/index.js'; // prettier-ignore
import { ask, askRange, type Reply } from './http-request.js';
import { randomBytes, seeded } from './random.js';

const file = randomBytes(700_000, seeded(3));
const [FIRST, LAST, LENGTH] = [1000, 300_999, 300_000];
const part = file.subarray(FIRST, LAST + 1);

describe('A scripted fault', () => {
  let server: FaultServer;

  beforeEach(async () => {
    server = await startFaultServer({ files: { '/a': bytesFile(file), '/b': bytesFile(file) } });
  });

  afterEach(() => server.stop());

  /** Asks for the part when every answer is as the rule says. */
  const askWith = (rule: Rule, options = {}): Promise<Reply> => {
    server.faults.clear();
    server.faults.add(rule);
    return askRange(`${server.origin}/a`, FIRST, LAST, options);
  };

  const isRightPart = ({ status, headers, body, error }: Reply): void => {
    assert.deepEqual([status, error], [206, null]);
    assert.equal(headers['content-range'], `bytes ${FIRST}-${LAST}/700000`);
    assert.ok(body.equals(part));
  };

  describe('befalls', () => {
    const statuses = async (paths: readonly string[]): Promise<readonly (number | null)[]> => {
      const replies: (number | null)[] = [];
      for (const path of paths) replies.push((await askRange(server.origin + path, 10, 19)).status);
      return replies;
    };
    const fault = faults.status(500);

    it('all requests, those of a path, a method, a range or a predicate', async () => {
      const all = server.faults.add({ fault });
      assert.deepEqual(await statuses(['/a', '/b']), [500, 500]);
      assert.equal(all.hits, 2);
      all.remove();
      assert.deepEqual(await statuses(['/a']), [206]);

      server.faults.add({ when: { path: '/b' }, fault });
      assert.deepEqual(await statuses(['/a', '/b', '/b?x']), [206, 500, 500]);
      server.faults.clear();
      server.faults.add({ when: { path: /^.a$/ }, fault });
      assert.deepEqual(await statuses(['/a', '/b']), [500, 206]);
      server.faults.clear();
      server.faults.add({ when: { contains: 19 }, fault });
      assert.deepEqual(await statuses(['/a']), [500]);
      assert.equal((await askRange(`${server.origin}/a`, 20, 29)).status, 206);
      assert.equal((await ask(`${server.origin}/a`)).status, 200);
      server.faults.clear();
      server.faults.add({ when: { method: 'HEAD' }, fault });
      assert.equal((await ask(`${server.origin}/a`, { method: 'HEAD' })).status, 500);
      assert.deepEqual(await statuses(['/a']), [206]);
      server.faults.clear();
      server.faults.add({ when: { where: ({ query }) => query === 'x' }, fault });
      assert.deepEqual(await statuses(['/a', '/a?x']), [206, 500]);
    });

    it('only some of them, counted', async () => {
      const rule = server.faults.add({ when: { path: '/a', after: 1, times: 2 }, fault });
      assert.deepEqual(await statuses(['/b', '/a', '/a', '/b', '/a', '/a']), [206, 206, 500, 206, 500, 206]); // prettier-ignore
      assert.equal(rule.hits, 2);
    });

    it('a share of them, the same for the same seed', async () => {
      const paths = Array.from({ length: 60 }, () => '/a');
      const runs: (readonly (number | null)[])[] = [];
      for (const seed of [1, 1, 2]) {
        server.faults.clear();
        server.faults.add({ when: { share: { of: 0.25, seed } }, fault });
        runs.push(await statuses(paths));
      }
      assert.deepEqual(runs[0], runs[1]);
      assert.notDeepEqual(runs[0], runs[2]);
      const failed = runs[0]?.filter((status) => status === 500).length ?? 0;
      assert.ok(failed >= 6 && failed <= 24, `${failed} of 60`);
    });

    it('together with others', async () => {
      server.faults.add({ fault: faults.etag('"two"') });
      server.faults.add({ fault: faults.slowStart(60) });
      const reply = await askRange(`${server.origin}/a`, FIRST, LAST);
      isRightPart(reply);
      assert.equal(reply.headers.etag, '"two"');
      assert.ok(reply.milliseconds.head >= 59);
    });
  });

  describe('of the status', () => {
    it('is the status, with a text that is not the file', async () => {
      for (const code of [400, 403, 404, 412, 416, 500, 502]) {
        const reply = await askWith({ fault: faults.status(code) });
        assert.deepEqual([reply.status, reply.body.toString()], [code, `${code}\n`]);
      }
      assert.equal(server.requests[0]?.status, 400);
    });

    it('asks for patience in any terms', async () => {
      for (const after of ['5', '1000000000', '-1', 'Thu, 01 Jan 1970 00:00:00 GMT', 'soon']) {
        const { status, headers } = await askWith({ fault: faults.busy(429, after) });
        assert.deepEqual([status, headers['retry-after']], [429, after]);
      }
      const { status, headers } = await askWith({ fault: faults.busy(503) });
      assert.deepEqual([status, headers['retry-after']], [503, undefined]);
    });
  });

  describe('of the range', () => {
    it('sends the whole file', async () => {
      const { status, headers, body } = await askWith({ fault: faults.wholeFile });
      assert.deepEqual([status, headers['content-range'], headers['content-length']], [200, undefined, '700000']); // prettier-ignore
      assert.ok(body.equals(file));
    });

    it('says something wrong of the right bytes', async () => {
      const cases: readonly [Rule['fault'], string | undefined][] = [
        [faults.contentRange('bytes 0-1/2'), 'bytes 0-1/2'],
        [faults.contentRange(null), undefined],
        [faults.otherTotal(5), `bytes ${FIRST}-${LAST}/5`],
      ];
      for (const [fault, range] of cases) {
        const { status, headers, body } = await askWith({ fault });
        assert.deepEqual([status, headers['content-range']], [206, range]);
        assert.ok(body.equals(part));
      }
    });

    it('sends another part, and says so', async () => {
      const other = await askWith({ fault: faults.otherPart(7) });
      assert.equal(other.headers['content-range'], `bytes ${FIRST + 7}-${LAST + 7}/700000`);
      assert.ok(other.body.equals(file.subarray(FIRST + 7, LAST + 8)));
      const lesser = await askWith({ fault: faults.lesserPart(10) });
      assert.deepEqual([lesser.headers['content-range'], lesser.error], [`bytes ${FIRST}-${FIRST + 9}/700000`, null]); // prettier-ignore
      assert.ok(lesser.body.equals(part.subarray(0, 10)));
    });

    it('denies that there is such a part', async () => {
      const { status, headers } = await askWith({ fault: faults.unsatisfiable });
      assert.deepEqual([status, headers['content-range']], [416, 'bytes */700000']);
    });

    it('wraps the part into several', async () => {
      const { status, headers, body, error } = await askWith({ fault: faults.multipart });
      assert.deepEqual([status, headers['content-range'], error], [206, undefined, null]);
      assert.match(headers['content-type'] ?? '', /^multipart\/byteranges; boundary=\w+$/);
      const start = body.indexOf('\r\n\r\n') + 4;
      assert.match(body.subarray(0, start).toString(), /Content-Range: bytes 1000-300999\/700000/);
      assert.ok(body.subarray(start, start + LENGTH).equals(part));
    });
  });

  describe('of the validators', () => {
    it('changes or hides them, and nothing else', async () => {
      const changed = await askWith({ fault: faults.etag('"two"') });
      const weak = await askWith({ fault: faults.etag('W/"one"') });
      const removed = await askWith({ fault: faults.etag(null) });
      assert.deepEqual([changed, weak, removed].map(({ headers }) => headers.etag), ['"two"', 'W/"one"', undefined]); // prettier-ignore
      const later = await askWith({ fault: faults.lastModified(new Date(0)) });
      assert.equal(later.headers['last-modified'], 'Thu, 01 Jan 1970 00:00:00 GMT');
      const undated = await askWith({ fault: faults.lastModified(null) });
      const none = await askWith({ fault: faults.noValidators });
      assert.deepEqual(
        [undated, none].map(({ headers }) => [headers.etag, headers['last-modified']]),
        [
          ['"one"', undefined],
          [undefined, undefined],
        ],
      );
      for (const reply of [changed, weak, removed, later, undated, none]) isRightPart(reply);
    });
  });

  describe('of the body', () => {
    it('ends early', async () => {
      const short = await askWith({ fault: faults.shortBody(1234) });
      assert.deepEqual([short.status, short.headers['content-length'], short.error], [206, '300000', 'ECONNRESET']); // prettier-ignore
      assert.ok(short.body.equals(part.subarray(0, 1234)));
      const announced = await askWith({ fault: faults.shortBodyAnnounced(1234) });
      assert.deepEqual([announced.headers['content-length'], announced.error], ['1234', null]);
      assert.equal(announced.headers['content-range'], `bytes ${FIRST}-${LAST}/700000`);
      assert.ok(announced.body.equals(part.subarray(0, 1234)));
    });

    it('goes on too long', async () => {
      const longer = Buffer.concat([part, Buffer.from('!!!!!')]);
      const announced = await askWith({ fault: faults.longBodyAnnounced(5) });
      assert.equal(announced.headers['content-length'], '300005');
      assert.ok(announced.body.equals(longer));
      server.faults.clear();
      server.faults.add({ fault: faults.longBody(5) });
      const bytes = await rawAnswer(server, 'bytes=1000-300999');
      assert.match(bytes.toString('latin1'), /^HTTP\/1.1 206 .*content-length: 300000\r\n/s);
      assert.ok(bytes.subarray(bytes.indexOf('\r\n\r\n') + 4).equals(longer));
    });

    it('is not announced', async () => {
      const reply = await askWith({ fault: faults.lengthNotAnnounced });
      assert.equal(reply.headers['content-length'], undefined);
      assert.equal(reply.headers['transfer-encoding'], 'chunked');
      isRightPart(reply);
    });

    it('is wrong, but not the file itself', async () => {
      const { status, headers, body, error } = await askWith({ fault: faults.wrongBytes(9) });
      assert.deepEqual([status, headers.etag, error, body.length], [206, '"one"', null, LENGTH]);
      const wrong = part.reduce((count, byte, at) => count + Number(byte !== body[at]), 0);
      assert.ok(wrong >= 300 && wrong <= 310, `${wrong}`);
      server.faults.clear();
      isRightPart(await askRange(`${server.origin}/a`, FIRST, LAST));
    });

    it('is compressed', async () => {
      const { headers, body } = await askWith({ fault: faults.gzip });
      assert.equal(headers['content-encoding'], 'gzip');
      assert.ok(gunzipSync(body).equals(part));
    });
  });

  describe('of the pace', () => {
    it('begins late, or never', async () => {
      const late = await askWith({ fault: faults.slowStart(80) });
      assert.ok(late.milliseconds.head >= 79, `${late.milliseconds.head}`);
      isRightPart(late);
      const never = await askWith({ fault: faults.silence }, { patience: 100 });
      assert.deepEqual([never.status, never.error], [null, 'given up']);
    });

    it('stops after the headers, or in the middle', async () => {
      const head = await askWith({ fault: faults.stallAfterHeaders }, { patience: 100 });
      assert.deepEqual([head.status, head.body.length, head.error], [206, 0, 'given up']);
      const middle = await askWith({ fault: faults.stallAt(150_000) }, { patience: 100 });
      assert.deepEqual([middle.status, middle.error], [206, 'given up']);
      assert.ok(middle.body.equals(part.subarray(0, 150_000)));
    });

    it('trickles', async () => {
      server.faults.add({ fault: faults.trickle(1, 5) });
      const { body, milliseconds } = await askRange(`${server.origin}/a`, FIRST, FIRST + 19);
      assert.ok(body.equals(part.subarray(0, 20)));
      assert.ok(milliseconds.end >= 99, `${milliseconds.end}`);
      assert.ok(milliseconds.head < 60, `${milliseconds.head}`);
    });
  });

  describe('of the connection', () => {
    it('resets it, before the headers or in the body', async () => {
      const before = await askWith({ fault: faults.resetBeforeHeaders });
      assert.deepEqual([before.status, before.error], [null, 'ECONNRESET']);
      const middle = await askWith({ fault: faults.resetAt(5000) });
      assert.deepEqual([middle.status, middle.error], [206, 'ECONNRESET']);
      assert.ok(middle.body.equals(part.subarray(0, 5000)));
      server.faults.clear();
      server.faults.add({ fault: faults.resetAt(10) });
      await assert.rejects(rawAnswer(server, 'bytes=0-99'), { code: 'ECONNRESET' });
    });

    it('closes it without an answer', async () => {
      server.faults.add({ fault: faults.closeBeforeHeaders });
      assert.equal((await rawAnswer(server, 'bytes=0-99')).length, 0);
    });

    it('closes it after some requests, with or without a word', async () => {
      for (const [fault, word] of [
        [faults.closeAfter(2), 'close'],
        [faults.hangUpAfter(2), 'keep-alive'],
      ] as const) {
        const agent = new Agent({ keepAlive: true, maxSockets: 1 });
        const before = server.requests.length;
        const words: unknown[] = [];
        for (let times = 0; times < 4; times++) {
          const reply = await askWith({ fault }, { agent });
          isRightPart(reply);
          words.push(reply.headers.connection);
          // So that the agent has noticed that the connection is gone.
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
        assert.deepEqual(words, ['keep-alive', word, 'keep-alive', word]);
        const turns = server.requests.slice(before).map(({ turn }) => turn);
        assert.deepEqual(turns, [1, 2, 1, 2]);
        agent.destroy();
      }
    });

    it('speaks something else, or headers for ever', async () => {
      const garbage = await askWith({ fault: faults.garbage });
      assert.deepEqual([garbage.status, garbage.error], [null, 'HPE_INVALID_CONSTANT']);
      assert.equal(server.requests[0]?.status, null);
      const endless = await askWith({ fault: faults.endlessHeaders });
      assert.deepEqual([endless.status, endless.error], [null, 'HPE_HEADER_OVERFLOW']);
    });
  });

  describe('of the address', () => {
    const location = (reply: Reply) => [reply.status, reply.headers.location];

    it('sends elsewhere, to the same place or on and on', async () => {
      const away = await askWith({ fault: faults.redirect('file:///etc/passwd') });
      assert.deepEqual(location(away), [302, 'file:///etc/passwd']);
      const moved = await askWith({ fault: faults.redirect('/b', 301) });
      assert.deepEqual(location(moved), [301, '/b']);
      const loop = await askWith({ fault: faults.redirectLoop });
      assert.deepEqual(location(loop), [302, '/a']);

      server.faults.clear();
      server.faults.add({ fault: faults.redirectHops(2) });
      assert.deepEqual(location(await ask(`${server.origin}/a`)), [302, '/a?hop=1']);
      assert.deepEqual(location(await ask(`${server.origin}/a?hop=1`)), [302, '/a?hop=2']);
      isRightPart(await askRange(`${server.origin}/a?hop=2`, FIRST, LAST));
    });

    it('signs links that end after some requests, some time, or at will', async () => {
      const links = faults.signedLinks('/b', { requests: 2, milliseconds: 300, status: 410 });
      server.faults.add({ when: { path: '/a' }, fault: links.issue });
      server.faults.add({ when: { path: '/b' }, fault: links.check });
      const link = async () => {
        const { status, headers } = await ask(`${server.origin}/a`);
        assert.equal(status, 302);
        return `${server.origin}${headers.location ?? ''}`;
      };
      assert.equal((await ask(`${server.origin}/b`)).status, 410);
      assert.equal((await ask(`${server.origin}/b?signature=signature-1`)).status, 410);
      const first = await link();
      isRightPart(await askRange(first, FIRST, LAST));
      isRightPart(await askRange(first, FIRST, LAST));
      assert.equal((await ask(first)).status, 410);
      const second = await link();
      assert.notEqual(second, first);
      await new Promise((resolve) => setTimeout(resolve, 310));
      assert.equal((await ask(second)).status, 410);
      const third = await link();
      links.expireAll();
      assert.equal((await ask(third)).status, 410);
      assert.equal(links.issued, 3);
    });
  });

  describe('of the log-in', () => {
    const account = { user: 'jürgen', password: 'a:"b' };
    const authorization = (value: string) => ({ headers: { authorization: value } });

    it('challenges for ever', async () => {
      const fault = faults.unauthorized('Negotiate', 'Basic realm="x"');
      const { status, headers } = await askWith({ fault }, authorization('Basic eDp5'));
      assert.deepEqual([status, headers['www-authenticate']], [401, 'Negotiate, Basic realm="x"']);
    });

    it('wants a name and a password', async () => {
      const fault = faults.basicLogin(account, '<b>"A"</b>');
      const refused = await askWith({ fault });
      assert.equal(refused.status, 401);
      assert.equal(refused.headers['www-authenticate'], 'Basic realm="<b>\\"A\\"</b>", charset="UTF-8"'); // prettier-ignore
      const encoded = (text: string) => authorization(`Basic ${Buffer.from(text).toString('base64')}`); // prettier-ignore
      assert.equal((await askWith({ fault }, encoded('jürgen:wrong'))).status, 401);
      isRightPart(await askWith({ fault }, encoded('jürgen:a:"b')));
    });

    it('wants a proof of the password, fresh each time', async () => {
      for (const algorithm of ['MD5', 'SHA-256'] as const) {
        server.faults.clear();
        server.faults.add({ fault: faults.digestLogin(account, { algorithm, nonceUses: 2 }) });
        const url = `${server.origin}/a?x=1`;
        const nonceOf = ({ status, headers }: Reply): { nonce: string; stale: boolean } => {
          assert.equal(status, 401);
          const challenge = headers['www-authenticate'] ?? '';
          assert.match(challenge, new RegExp(`^Digest realm="Machines", .*algorithm=${algorithm}`));
          const [, nonce = ''] = /nonce="([^"]+)"/.exec(challenge) ?? [];
          return { nonce, stale: challenge.includes('stale=true') };
        };
        const proof = (nonce: string, count: number, password = account.password) =>
          authorization(digestProof(algorithm, nonce, count, { ...account, password }));

        const { nonce, stale } = nonceOf(await ask(url));
        assert.equal(stale, false);
        assert.equal(nonceOf(await ask(url, proof(nonce, 1, 'wrong'))).stale, false);
        assert.equal((await ask(url, proof(nonce, 1))).status, 200);
        assert.equal(nonceOf(await ask(url, proof(nonce, 1))).stale, true);
        assert.equal((await ask(url, proof(nonce, 2))).status, 200);
        const next = nonceOf(await ask(url, proof(nonce, 3)));
        assert.equal(next.stale, true);
        assert.equal((await ask(url, proof(next.nonce, 1))).status, 200);
        assert.equal((await ask(`${server.origin}/a`, proof(next.nonce, 2))).status, 401);
      }
    });

    it('wants a cookie', async () => {
      const fault = faults.cookieRequired('id', '7');
      const refused = await askWith({ fault });
      assert.deepEqual([refused.status, refused.headers.location], [302, '/a']);
      assert.deepEqual(refused.headers['set-cookie'], ['id=7; Path=/']);
      isRightPart(await askWith({ fault }, { headers: { cookie: 'x=1; id=7' } }));
      const values = ['a=1; Domain=other.example', 'b=2'];
      const given = await askWith({ fault: faults.cookies(...values) });
      assert.deepEqual(given.headers['set-cookie'], values);
      isRightPart(given);
    });
  });
});

/** An Authorization header for `GET /a?x=1` (RFC 7616). */
function digestProof(
  algorithm: 'MD5' | 'SHA-256',
  nonce: string,
  count: number,
  { user, password }: { readonly user: string; readonly password: string },
): string {
  const hash = (text: string) =>
    createHash(algorithm === 'MD5' ? 'md5' : 'sha256').update(text).digest('hex'); // prettier-ignore
  const nc = count.toString(16).padStart(8, '0');
  const secret = hash(`${user}:Machines:${password}`);
  const response = hash(`${secret}:${nonce}:${nc}:own:auth:${hash('GET:/a?x=1')}`);
  const name = Buffer.from(user).toString('latin1');
  return `Digest username="${name}", realm="Machines", uri="/a?x=1", algorithm=${algorithm}, nonce="${nonce}", nc=${nc}, cnonce="own", qop=auth, response="${response}", opaque="kept"`;
}

/** All bytes that the server sends before it closes the connection. */
function rawAnswer(server: FaultServer, range: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    const socket = connect(server.port, '127.0.0.1');
    socket.write(`GET /a HTTP/1.1\r\nHost: x\r\nRange: ${range}\r\nConnection: close\r\n\r\n`);
    socket.on('data', (piece) => pieces.push(piece));
    socket.on('error', reject);
    socket.on('end', () => {
      resolve(Buffer.concat(pieces));
    });
  });
}
