import assert from 'node:assert/strict';
import { parseChallenges } from '../../../src/core/fetch/challenge.js';
import { DigestAnswers, digestRank } from '../../../src/core/fetch/digest.js';

describe('an answer to a Digest challenge', () => {
  function answer(
    challenge: string,
    [username, password]: readonly [string, string],
    target: string,
    cnonce: string,
  ) {
    const [parsed] = parseChallenges(challenge);
    assert.ok(parsed !== undefined);
    const header = new DigestAnswers(parsed, { username, password }, cnonce).authorization(target);
    const [again] = parseChallenges(header);
    assert.equal(again?.scheme, 'digest');
    return again.parameters;
  }

  it('is the one of RFC 7616 (section 3.9.1) for MD5 and for SHA-256', () => {
    for (const [algorithm, response] of [
      ['MD5', '8ca523f5e9506fed4657c9700eebdbec'],
      ['SHA-256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
    ] as const) {
      const parameters = answer(
        `Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=${algorithm},
         nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
         opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"`.replaceAll('\n', ''),
        ['Mufasa', 'Circle of Life'],
        '/dir/index.html',
        'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
      );
      assert.equal(parameters.get('response'), response);
      assert.equal(parameters.get('username'), 'Mufasa');
      assert.equal(parameters.get('nc'), '00000001');
      assert.equal(parameters.get('qop'), 'auth');
      assert.equal(parameters.get('algorithm'), algorithm);
      assert.equal(parameters.get('opaque'), 'FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS');
    }
  });

  it('hashes a name that is not ASCII, as in RFC 7616 (section 3.9.2, corrected by errata 4897)', () => {
    const parameters = answer(
      'Digest realm="api@example.org", qop="auth", algorithm=SHA-512-256, nonce="5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK", opaque="HRPCssKJSGjCrkzDg8OhwpzCiGPChXYjwrI2QmXDnsOS", charset=UTF-8, userhash=true',
      ['Jäsøn Doe', 'Secret, or not?'],
      '/doe.json',
      'NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v',
    );
    assert.equal(
      parameters.get('username'),
      '793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b',
    );
    assert.equal(
      parameters.get('response'),
      '3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5',
    );
  });

  it('does without a count for the servers of RFC 2069', () => {
    const parameters = answer(
      'Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"',
      ['Mufasa', 'CircleOfLife'],
      '/dir/index.html',
      'x',
    );
    assert.equal(parameters.get('response'), '1949323746fe6a43ef61f9606e7febea');
    assert.equal(parameters.has('nc'), false);
    assert.equal(parameters.has('cnonce'), false);
  });

  it('writes names that cannot stand in a header another way', () => {
    const challenge = 'Digest realm="a", nonce="b", qop="auth"';
    const plain = answer(challenge, ['a"b\\c', 'p'], '/', 'x');
    assert.equal(plain.get('username'), 'a"b\\c');
    const encoded = answer(challenge, ["Jä'n\r\nX: y", 'p'], '/', 'x');
    assert.equal(encoded.get('username*'), "UTF-8''J%C3%A4%27n%0D%0AX%3A%20y");
  });

  it('counts the requests of a nonce', () => {
    const [challenge] = parseChallenges('Digest realm="a", nonce="b", qop="auth"');
    assert.ok(challenge !== undefined);
    const answers = new DigestAnswers(challenge, { username: 'u', password: 'p' });
    assert.match(answers.authorization('/'), /nc=00000001/);
    const second = answers.authorization('/');
    assert.match(second, /nc=00000002/);
    assert.match(second, /cnonce="[0-9a-f]{32}"/);
  });
});

describe('the challenges of a server', () => {
  it('are told apart, however they are joined', () => {
    const read = (header: string) =>
      parseChallenges(header).map(({ scheme, parameters }) => [
        scheme,
        Object.fromEntries(parameters),
      ]);
    assert.deepEqual(
      read(
        'Negotiate, NTLM TlRMTVNT==, Basic realm="a, \\"b\\" = c" , ,Digest REALM=x,nonce = "n", nonce="m"',
      ),
      [
        ['negotiate', {}],
        ['ntlm', {}],
        ['basic', { realm: 'a, "b" = c' }],
        ['digest', { realm: 'x', nonce: 'n' }],
      ],
    );
    assert.deepEqual(read('Basic'), [['basic', {}]]);
    assert.deepEqual(read(''), []);
    assert.deepEqual(read('"'), []);
    assert.deepEqual(read('Basic realm="never ends'), [['basic', {}]]);
    assert.deepEqual(read('realm="a"'), []);
  });

  it('are read in no time, however long they are', () => {
    const start = performance.now();
    for (const part of ['a ', 'a=', '"\\', 'a="b",', ', ', 'a=\t']) parseChallenges(part.repeat(30_000)); // prettier-ignore
    assert.ok(performance.now() - start < 1000, String(performance.now() - start));
  });

  it('are understood as far as there is a common algorithm', () => {
    const rank = (text: string) => {
      const [challenge] = parseChallenges(text);
      return challenge === undefined ? null : digestRank(challenge);
    };
    assert.equal(rank('Digest nonce="a", algorithm=SHA-512-256'), 0);
    assert.equal(rank('Digest nonce="a", algorithm=sha-256-sess, qop="auth-int, auth"'), 1);
    assert.equal(rank('Digest nonce="a"'), 2);
    for (const refused of [
      'Basic realm="a"',
      'Digest realm="a"',
      'Digest nonce="a", algorithm=SHA-1',
      'Digest nonce="a", algorithm=__proto__',
      'Digest nonce="a", qop="auth-int"',
    ]) {
      assert.equal(rank(refused), null, refused);
    }
  });
});
