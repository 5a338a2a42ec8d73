import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseLocation } from '../../../src/core/reference/index.js';

describe('parseLocation', () => {
  function pathOf(text: string, directory = '/home/me'): string | null {
    const location = parseLocation(text, directory);
    return location.kind === 'file' ? location.path : null;
  }

  function urlOf(text: string): string | null {
    const location = parseLocation(text, '/home/me');
    return location.kind === 'url' ? location.url.href : null;
  }

  it('takes paths as they are', () => {
    assert.equal(pathOf('a b.netx'), '/home/me/a b.netx');
    assert.equal(pathOf('/x/%41.netx'), '/x/%41.netx');
    assert.equal(pathOf('../--help'), '/home/--help');
    assert.equal(pathOf('./http:x'), '/home/me/http:x');
    assert.equal(pathOf('//server/x'), '/server/x');
  });

  it('takes file: URLs of this computer', () => {
    assert.equal(pathOf('file:///x/a%20b.netx'), '/x/a b.netx');
    assert.equal(pathOf('file:/x/a.netx'), '/x/a.netx');
    assert.equal(pathOf('FILE://localhost/x'), '/x');
    for (const refused of [
      'file:x',
      'file://server/x',
      'file:///a%2fb',
      'file:///a?b',
      'file:///a#b',
      'file:',
    ]) {
      assert.throws(() => pathOf(refused), { code: 'reference-url-refused' }, refused);
    }
  });

  it('takes web addresses and their synonyms', () => {
    assert.equal(urlOf('http://example.org/a'), 'http://example.org/a');
    assert.equal(urlOf('HTTPS://example.org'), 'https://example.org/');
    assert.equal(urlOf('vmnetx+http://example.org/a?b'), 'http://example.org/a?b');
    assert.equal(urlOf('vmnetx+HTTPS://example.org/a'), 'https://example.org/a');
  });

  it('refuses other schemes', () => {
    for (const refused of [
      'smb://server/x',
      'data:text/plain,x',
      'javascript:alert(1)',
      'vmnetx+file:///x',
      'vmnetx+vmnetx+http://x/',
      'vmnetx+:',
      'http:',
      'c:\\x.nxpk',
    ]) {
      assert.throws(() => parseLocation(refused, '/home/me'), { code: 'reference-url-refused' });
    }
    assert.throws(() => parseLocation('vmnetx://host/token', '/'), {
      code: 'reference-remote-machine',
    });
  });

  it('takes a file with a colon in its name if it exists, but never for a web address', () => {
    const directory = mkdtempSync(join(tmpdir(), 'location-'));
    try {
      writeFileSync(join(directory, 'my:machine.netx'), '');
      writeFileSync(join(directory, 'http:x'), '');
      assert.equal(pathOf('my:machine.netx', directory), join(directory, 'my:machine.netx'));
      assert.throws(() => parseLocation('my:other.netx', directory), {
        code: 'reference-url-refused',
      });
      assert.throws(() => parseLocation('http:x', directory), { code: 'reference-url-refused' });
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it('names what cannot be a file', () => {
    assert.throws(() => parseLocation('', '/'), { code: 'reference-missing' });
    assert.throws(() => parseLocation('a\0b', '/'), { code: 'reference-missing' });
  });
});
