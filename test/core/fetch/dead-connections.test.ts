import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { requestedRange, sendRange, startServer } from '../../support/scripted-server.js';
import { quickOpen } from './quick-open.js';

const { signal } = new AbortController();
const content = Buffer.alloc(1_000_000, 7);
const SLOW = 700_000;

describe('connections that died without a word', () => {
  it('are all given up after one time-out, and what still comes over another goes on', async () => {
    const kept = new Set<Socket>();
    let dead: ReadonlySet<Socket> = new Set();
    await using server = await startServer((request, response) => {
      const { socket } = request;
      if (dead.has(socket)) return;
      if (requestedRange(request).first !== SLOW) {
        kept.add(socket);
        sendRange(request, response, content);
        return;
      }
      kept.delete(socket);
      response.writeHead(206, {
        'content-range': `bytes ${SLOW}-${SLOW + 4}/${content.length}`,
        'content-length': '5',
        etag: '"one"',
        'last-modified': 'Thu, 01 Jan 2015 00:00:00 GMT',
      });
      const timer = setInterval(() => response.write('\u0007'), 200);
      response.on('close', () => {
        clearInterval(timer);
      });
    });
    const source = await quickOpen(server.origin);
    const read = (offset: number, length: number) =>
      source.stream(offset, length, () => null, signal);
    const slow = read(SLOW, 5);
    await Promise.all([300_000, 400_000, 500_000].map((offset) => read(offset, 100_000)));
    dead = new Set(kept);
    assert.ok(dead.size >= 2);

    await assert.rejects(read(300_000, 10), { code: 'network-timeout' });
    await read(300_000, 10);
    await slow;
    await source.close();
  });

  it('do not keep a source from being closed', async () => {
    let mute = false;
    await using server = await startServer((request, response) => {
      if (!mute) sendRange(request, response, content);
    });
    const source = await quickOpen(server.origin);
    const read = (offset: number) => source.stream(offset, 10, () => null, signal);
    mute = true;
    const first = assert.rejects(read(300_000), { code: 'network-timeout' });
    await sleep(200);
    const second = assert.rejects(read(400_000), { name: 'AbortError' });
    await first;
    const third = assert.rejects(read(500_000), { name: 'AbortError' });
    await source.close();
    await second;
    await third;
  });
});
