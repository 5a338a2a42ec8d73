import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { FetchCounters, SYSTEM_ADDRESSING } from '../../../src/core/fetch/index.js';
import { quickOpen } from './quick-open.js';

/** A server whose queue is full at first: a connection to it takes the second attempt, after 1 s. */
const SERVER = `
import socket, sys, time
listener = socket.socket()
listener.bind(('127.0.0.1', 0))
listener.listen(0)
queue = [socket.socket() for _ in range(4)]
for one in queue:
    one.setblocking(False)
    one.connect_ex(listener.getsockname())
print(listener.getsockname()[1], flush=True)
sys.stdin.readline()
time.sleep(0.5)
while True:
    connection, _ = listener.accept()
    if connection.getpeername() in [one.getsockname() for one in queue]: continue
    connection.recv(4096)
    connection.sendall(b'HTTP/1.1 206 Part\\r\\nContent-Range: bytes 0-0/1\\r\\nContent-Length: 1\\r\\n\\r\\nx')
`;

describe('a distant server with two addresses', () => {
  it('is reached although the other one leads nowhere', async function () {
    this.timeout(10_000);
    const program = spawn('python3', ['-c', SERVER], { stdio: ['pipe', 'pipe', 'inherit'] });
    const ended = once(program, 'exit');
    try {
      const lines = createInterface({ input: program.stdout })[Symbol.asyncIterator]();
      const port: unknown = (await lines.next()).value;
      // No name has these two addresses everywhere; the second one cannot be connected to.
      const addresses = [
        { address: '127.0.0.1', family: 4 },
        { address: '2001:db8::1', family: 6 },
      ];
      const addressing = {
        ...SYSTEM_ADDRESSING,
        lookup: (_: string, __: unknown, done: (error: null, found: typeof addresses) => void) => {
          done(null, addresses);
        },
      };
      program.stdin.write('\n');
      const counters = new FetchCounters();
      const start = performance.now();
      const source = await quickOpen(`http://distant.invalid:${String(port)}/a`, {
        counters,
        addressing,
        timeouts: { connect: 5000 },
      });
      assert.equal(source.size, 1);
      assert.ok(performance.now() - start > 500, 'it took longer than an attempt usually may');
      assert.equal(counters.retries, 0);
      await source.close();
    } finally {
      program.kill();
      await ended;
    }
  });
});
