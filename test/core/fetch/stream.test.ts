import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { FetchCounters, openSource, type OpenedSource } from '../../../src/core/fetch/index.js';
import { startNginx } from '../../support/nginx.js';
import { seeded } from '../../support/random.js';
import { requestedRange, sendRange, startServer, type ScriptedServer } from '../../support/scripted-server.js'; // prettier-ignore
import { quickOpen } from './quick-open.js';

const { signal } = new AbortController();
const content = Buffer.from(Array.from({ length: 3_000_000 }, (_, n) => (n * 31 + n / 251) % 256));
const FROM = 300_000;
const LENGTH = 1_000_000;
const expected = content.subarray(FROM, FROM + LENGTH);

/** Takes what comes and remembers it. */
function collector() {
  const pieces: Uint8Array[] = [];
  const onBytes = (bytes: Uint8Array): null => {
    pieces.push(bytes);
    return null;
  };
  return { pieces, onBytes, bytes: () => Buffer.concat(pieces) };
}

describe('a stream of bytes', () => {
  let directory = '';

  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'stream-'));
    writeFileSync(join(directory, 'a.nxpk'), content);
  });

  after(() => {
    rmSync(directory, { recursive: true });
  });

  const openFile = (): Promise<OpenedSource> => {
    const path = join(directory, 'a.nxpk');
    return openSource({ kind: 'file', path, label: path }, { signal });
  };

  it('is exact from a file and from nginx, in several pieces, whatever the range', async () => {
    const seed = 20151;
    const random = seeded(seed);
    const nginx = await startNginx(directory);
    try {
      for (const source of [await openFile(), await quickOpen(`${nginx.origin}/a.nxpk`)]) {
        for (let round = 0; round < 30; round++) {
          const offset = Math.floor(random() * content.length);
          const length = 1 + Math.floor(random() * (content.length - offset));
          const { onBytes, bytes } = collector();
          await source.stream(offset, length, onBytes, signal);
          assert.ok(bytes().equals(content.subarray(offset, offset + length)), `seed ${seed}: ${offset}+${length}`); // prettier-ignore
        }
        const { onBytes, pieces } = collector();
        await source.stream(FROM, 2_500_000, onBytes, signal);
        assert.ok(pieces.length > 2);
        await source.close();
      }
    } finally {
      await nginx.stop();
    }
  });

  it('counts what goes over the wire', async () => {
    const nginx = await startNginx(directory);
    try {
      const counters = new FetchCounters();
      const source = await quickOpen(`${nginx.origin}/a.nxpk`, { counters });
      await source.stream(FROM, LENGTH, () => null, signal);
      const least = 262_144 + LENGTH;
      assert.equal(counters.requests, 2);
      assert.equal(counters.retries, 0);
      assert.ok(counters.bytesReceived > least + 400, String(counters.bytesReceived));
      assert.ok(counters.bytesReceived < least + 2000, String(counters.bytesReceived));
      assert.ok(counters.bytesSent > 200 && counters.bytesSent < 2000, String(counters.bytesSent));
      const { bytesReceived } = counters;
      await source.close();
      await sleep(10);
      assert.equal(counters.bytesReceived, bytesReceived);
    } finally {
      await nginx.stop();
    }
  });

  it('ends when its file here changes, and hands over nothing of the new one', async () => {
    const path = join(directory, 'changing');
    writeFileSync(path, content);
    const source = await openSource({ kind: 'file', path, label: path }, { signal });
    const { onBytes, pieces } = collector();
    const receive = async (bytes: Uint8Array): Promise<void> => {
      onBytes(bytes);
      await sleep(20);
      writeFileSync(path, Buffer.alloc(content.length));
    };
    await assert.rejects(source.stream(FROM, 2_500_000, receive, signal), {
      code: 'package-changed',
    });
    assert.equal(pieces.length, 1);
    await source.close();
  });
});

describe('a stream from a server', () => {
  let server: ScriptedServer | null = null;
  let source: OpenedSource | null = null;

  afterEach(async () => {
    await source?.close();
    await server?.stop();
    server = null;
    source = null;
  });

  const headers = {
    etag: '"one"',
    'last-modified': 'Thu, 01 Jan 2015 00:00:00 GMT',
    'content-range': `bytes ${FROM}-${FROM + LENGTH - 1}/${content.length}`,
  };

  /** Opens a file whose first request is answered correctly, all others as given. */
  async function openWith(answer: (response: ServerResponse) => void): Promise<OpenedSource> {
    server = await startServer((request, response) => {
      if (requestedRange(request).first === 0) sendRange(request, response, content);
      else answer(response);
    });
    source = await quickOpen(server.origin);
    return source;
  }

  it('hands over what came before the connection broke, and says that it broke', async () => {
    const opened = await openWith((response) => {
      response.writeHead(206, { ...headers, 'content-length': String(LENGTH) });
      response.write(expected.subarray(0, 400_000), () => setTimeout(() => response.destroy(), 50));
    });
    const { onBytes, bytes } = collector();
    await assert.rejects(opened.stream(FROM, LENGTH, onBytes, signal), {
      code: 'network-failed',
      retryable: true,
    });
    assert.ok(bytes().equals(expected.subarray(0, 400_000)));
  });

  it('hands over nothing of an answer whose head is wrong', async () => {
    for (const wrong of [
      { ...headers, 'content-length': String(LENGTH), etag: '"two"' },
      { ...headers, 'content-length': String(LENGTH - 1) },
      { ...headers, 'content-length': String(LENGTH), 'content-range': 'bytes 1-1000000/3000000' },
      { ...headers, 'content-length': String(LENGTH), 'content-encoding': 'br' },
      { ...headers, 'content-length': String(LENGTH), 'content-type': 'multipart/byteranges; boundary=a' }, // prettier-ignore
    ]) {
      const opened = await openWith((response) => {
        response.writeHead(206, wrong).end(expected.subarray(0, Number(wrong['content-length'])));
      });
      const { onBytes, pieces } = collector();
      await assert.rejects(opened.stream(FROM, LENGTH, onBytes, signal), {
        code: wrong.etag === '"two"' ? 'package-changed' : 'server-answer',
      });
      assert.equal(pieces.length, 0);
      await opened.close();
      await server?.stop();
    }
  });

  it('holds back an answer of unknown length until it is complete', async () => {
    let finish = false;
    const opened = await openWith((response) => {
      response.writeHead(206, headers).write(expected.subarray(0, LENGTH - 1));
      setTimeout(() => {
        finish = true;
        response.end(expected.subarray(LENGTH - 1));
      }, 50);
    });
    const { onBytes, bytes } = collector();
    const receive = (piece: Uint8Array): null => {
      assert.ok(finish);
      return onBytes(piece);
    };
    await opened.stream(FROM, LENGTH, receive, signal);
    assert.ok(bytes().equals(expected));
  });

  it('keeps nothing of an answer that turns out too long, too short or broken', async () => {
    const ends: readonly [string, (response: ServerResponse) => void][] = [
      ['server-answer', (response) => response.end(Buffer.alloc(LENGTH + 1))],
      ['server-answer', (response) => response.end(Buffer.alloc(LENGTH - 1))],
      ['network-failed', (response) => response.write(Buffer.alloc(1000), () => response.destroy())], // prettier-ignore
    ];
    for (const [code, end] of ends) {
      const opened = await openWith((response) => {
        end(response.writeHead(206, headers));
      });
      const { onBytes, pieces } = collector();
      await assert.rejects(opened.stream(FROM, LENGTH, onBytes, signal), { code });
      assert.equal(pieces.length, 0);
      await opened.close();
      await server?.stop();
    }
  });

  it('waits for whoever takes the bytes, and does not lose patience with itself', async () => {
    const whole = { ...headers, 'content-length': String(LENGTH) };
    const opened = await openWith((response) => response.writeHead(206, whole).end(expected));
    const { onBytes, bytes } = collector();
    let busy = false;
    let waits = 0;
    const receive = async (piece: Uint8Array): Promise<void> => {
      assert.ok(!busy);
      busy = true;
      onBytes(piece);
      // Longer than the time-out for a silent server, once.
      await sleep(waits++ === 0 ? 600 : 2);
      busy = false;
    };
    await opened.stream(FROM, LENGTH, receive, signal);
    assert.ok(!busy);
    assert.ok(bytes().equals(expected));
  });

  it('ends with what its receiver throws, at once or later', async () => {
    const whole = { ...headers, 'content-length': String(LENGTH) };
    const opened = await openWith((response) => response.writeHead(206, whole).end(expected));
    const problem = new Error('no more');
    const throwing = (): null => {
      throw problem;
    };
    await assert.rejects(opened.stream(FROM, LENGTH, throwing, signal), problem);
    await assert.rejects(
      opened.stream(FROM, LENGTH, () => Promise.reject(problem), signal),
      problem,
    );
    const { onBytes, bytes } = collector();
    await opened.stream(FROM, LENGTH, onBytes, signal);
    assert.ok(bytes().equals(expected));
  });

  it('can be given up while its receiver is busy', async () => {
    const whole = { ...headers, 'content-length': String(LENGTH) };
    const opened = await openWith((response) => response.writeHead(206, whole).end(expected));
    const controller = new AbortController();
    const streaming = opened.stream(
      FROM,
      LENGTH,
      () => {
        setTimeout(() => {
          controller.abort();
        }, 10);
        return new Promise(() => undefined);
      },
      controller.signal,
    );
    await assert.rejects(streaming, { name: 'AbortError' });
  });

  it('of no bytes asks for nothing', async () => {
    const opened = await openWith((response) => response.writeHead(400).end());
    const requests = server?.requests.length;
    const { onBytes, pieces } = collector();
    await opened.stream(FROM, 0, onBytes, signal);
    assert.equal((await opened.read(FROM, 0, signal)).length, 0);
    assert.equal(pieces.length, 0);
    assert.equal(server?.requests.length, requests);
  });

  it('tries once, while a read goes on where the connection broke', async () => {
    const cut: number[] = [];
    server = await startServer((request, response) => {
      const { first, last } = requestedRange(request);
      if (first === 0 || cut.length === 2) {
        sendRange(request, response, content);
        return;
      }
      cut.push(first);
      response.writeHead(206, {
        ...headers,
        'content-range': `bytes ${first}-${last}/${content.length}`,
        'content-length': String(last - first + 1),
      });
      response.write(content.subarray(first, first + 100_000), () =>
        setTimeout(() => response.destroy(), 50),
      );
    });
    const counters = new FetchCounters();
    source = await quickOpen(server.origin, { counters });
    assert.ok((await source.read(FROM, LENGTH, signal)).equals(expected));
    assert.deepEqual(cut, [FROM, FROM + 100_000]);
    assert.equal(counters.retries, 2);
  });

  it('is a time-out when the server stops, or is slower than anybody can wait', async () => {
    const whole = { ...headers, 'content-length': String(LENGTH) };
    const silent = await openWith((response) => {
      response.writeHead(206, whole).write(expected.subarray(0, 1000));
    });
    await assert.rejects(
      silent.stream(FROM, LENGTH, () => null, signal),
      { code: 'network-timeout', detail: 'the body stopped' },
    );
    await silent.close();
    await server?.stop();

    server = await startServer((request, response) => {
      if (requestedRange(request).first === 0) {
        sendRange(request, response, content);
        return;
      }
      response.writeHead(206, whole);
      const timer = setInterval(() => response.write('x'), 20);
      response.on('close', () => {
        clearInterval(timer);
      });
    });
    source = await quickOpen(server.origin, { timeouts: { slow: 500 } });
    const start = performance.now();
    await assert.rejects(
      source.stream(FROM, LENGTH, () => null, signal),
      { code: 'network-timeout', detail: 'the body came too slowly' },
    );
    assert.ok(performance.now() - start < 2000);
  });

  it('is a time-out when the headers trickle', async () => {
    const opened = await openWith((response) => {
      response.socket?.write('HTTP/1.1 206 Partial Content\r\n');
      const timer = setInterval(() => response.socket?.write('a: b\r\n'), 20);
      response.on('close', () => {
        clearInterval(timer);
      });
    });
    await assert.rejects(
      opened.stream(FROM, LENGTH, () => null, signal),
      { code: 'network-timeout', detail: 'the headers did not come in time' },
    );
  });

  it('is not kept waiting by answers that are none (status 1xx)', async () => {
    const opened = await openWith((response) => {
      const timer = setInterval(() => {
        response.writeProcessing();
      }, 20);
      response.on('close', () => {
        clearInterval(timer);
      });
    });
    await assert.rejects(
      opened.stream(FROM, LENGTH, () => null, signal),
      { code: 'network-timeout' },
    );
  });
});
