import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent } from 'node:http';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { startDelayProxy, type DelayProxy, type ProxySettings } from './delay-proxy.js';
import { faults, generatedBytes, generatedFile, startFaultServer, type FaultServer } from './fault-server/index.js'; // prettier-ignore
import { askRange, type Reply } from './http-request.js';
import { until } from './wait.js';

const MEGABIT = 1_000_000;
const SEED = 4;

describe('The delay proxy', function () {
  // A busy computer may spoil a measurement, hardly all of the same.
  this.retries(4);

  const proxies: DelayProxy[] = [];
  let server: FaultServer;
  let echo: Server;

  before(async () => {
    server = await startFaultServer({ files: { '/a': generatedFile(2 ** 30, SEED) } });
    echo = createServer((socket) => socket.on('error', () => undefined).pipe(socket));
    echo.listen(0, '127.0.0.1');
    await once(echo, 'listening');
  });

  after(async () => {
    echo.close();
    await server.stop();
  });

  afterEach(async () => {
    for (const proxy of proxies.splice(0)) await proxy.stop();
    server.faults.clear();
  });

  const between = async (settings: Omit<ProxySettings, 'port'>): Promise<DelayProxy> => {
    const proxy = await startDelayProxy({ ...settings, port: server.port });
    proxies.push(proxy);
    return proxy;
  };

  /** A way to a server that sends back what it gets. */
  const toEcho = async (roundTripMilliseconds: number, bitsPerSecond: number | null = null) => {
    const address = echo.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const proxy = await startDelayProxy({ roundTripMilliseconds, bitsPerSecond, port });
    proxies.push(proxy);
    return proxy;
  };

  /**
   * What a way of so many milliseconds adds to the time of some work, in milliseconds: without what
   * the computer itself takes, which is much when it is busy.
   */
  const added = async (
    roundTrip: number,
    rate: number | null,
    prepare: (proxy: DelayProxy) => Promise<() => Promise<void>>,
  ): Promise<number> => {
    const delayed = await prepare(await toEcho(roundTrip, rate));
    const undelayed = await prepare(await toEcho(0));
    const times = { delayed: [0], undelayed: [0] };
    for (let count = 0; count < 11; count++) {
      times.delayed[count] = await timed(delayed);
      times.undelayed[count] = await timed(undelayed);
    }
    return median(times.delayed) - median(times.undelayed);
  };

  it('delays what goes there and back by a round trip', async () => {
    for (const roundTrip of [20, 50]) {
      for (const rate of [null, 100 * MEGABIT]) {
        const time = await added(roundTrip, rate, async (proxy) => {
          const socket = await opened(proxy);
          await echoed(socket);
          return () => echoed(socket);
        });
        assertNear(time, roundTrip, 'milliseconds');
      }
    }
  });

  it('delays a new connection by one round trip more', async () => {
    const time = await added(20, null, (proxy) =>
      Promise.resolve(async () => {
        const socket = await opened(proxy);
        await echoed(socket);
        socket.destroy();
      }),
    );
    assertNear(time, 40, 'milliseconds');
  });

  it('carries as much as the link does, and every byte', async () => {
    for (const [megabits, bytes] of [
      [100, 4_000_000],
      [8, 400_000],
    ] as const) {
      const proxy = await between({ roundTripMilliseconds: 20, bitsPerSecond: megabits * MEGABIT });
      const rates: number[] = [];
      for (let count = 0; count < 3; count++) {
        const reply = await askRange(`${proxy.origin}/a`, 5, bytes + 4);
        assert.ok(reply.body.equals(generatedBytes(SEED, 5, bytes)));
        rates.push(megabitsOf(bytes, reply.milliseconds.end - reply.milliseconds.head));
      }
      assertNear(median(rates), megabits, 'Mbit/s');
    }
  });

  it('has one link for all connections', async () => {
    const proxy = await between({ roundTripMilliseconds: 20, bitsPerSecond: 100 * MEGABIT });
    const bytes = 1_000_000;
    const agent = new Agent({ keepAlive: true });
    const all = (length: number): Promise<readonly Reply[]> =>
      Promise.all(
        [0, 1, 2, 3].map((part) => {
          const first = part * bytes;
          return askRange(`${proxy.origin}/a`, first, first + length - 1, { agent });
        }),
      );
    await all(1);
    const times: number[] = [];
    for (let count = 0; count < 3; count++) {
      let replies: readonly Reply[] = [];
      times.push(await timed(async () => (replies = await all(bytes))));
      for (const [part, { body }] of replies.entries()) {
        assert.ok(body.equals(generatedBytes(SEED, part * bytes, bytes)));
      }
    }
    assertNear(megabitsOf(4 * bytes, median(times) - 20), 100, 'Mbit/s');
    agent.destroy();
  });

  it('lets a small answer wait for what is before it, not for all that is to come', async () => {
    const proxy = await between({ roundTripMilliseconds: 20, bitsPerSecond: 100 * MEGABIT });
    const agent = new Agent({ keepAlive: true });
    await askRange(`${proxy.origin}/a`, 0, 0, { agent });
    const stream = askRange(`${proxy.origin}/a`, 0, 9_999_999);
    await sleep(150);
    const times: number[] = [];
    for (let count = 0; count < 5; count++) {
      times.push(await timed(() => askRange(`${proxy.origin}/a`, 0, 4095, { agent })));
    }
    assert.ok(median(times) > 22 && median(times) < 70, times.join());
    await stream;
    agent.destroy();
  });

  it('carries what goes to the server, however much', async () => {
    const socket = await opened(await toEcho(20));
    const sent = generatedBytes(SEED, 0, 3_000_000);
    const received: Buffer[] = [];
    socket.on('data', (piece) => received.push(piece));
    socket.end(sent);
    await once(socket, 'end');
    assert.ok(Buffer.concat(received).equals(sent));
    socket.destroy();
  });

  it('keeps little for a client that does not read', async () => {
    const proxy = await between({ roundTripMilliseconds: 20, bitsPerSecond: null });
    const before = server.traffic().bytesSent;
    const socket = await opened(proxy);
    socket.write('GET /a HTTP/1.1\r\nHost: x\r\n\r\n');
    await until('the answer begins', () => server.traffic().bytesSent > before);
    await sleep(300);
    const held = server.traffic().bytesSent - before;
    assert.ok(held < 64 * 2 ** 20, `${held}`);
    await sleep(100);
    assert.equal(server.traffic().bytesSent - before, held);
    socket.destroy();
  });

  it('passes on how a connection ends', async () => {
    const proxy = await between({ roundTripMilliseconds: 20, bitsPerSecond: 100 * MEGABIT });
    server.faults.add({ fault: faults.shortBody(30_000) });
    const short = await askRange(`${proxy.origin}/a`, 0, 99_999);
    assert.deepEqual([short.status, short.body.length, short.error], [206, 30_000, 'ECONNRESET']);
    server.faults.clear();
    server.faults.add({ fault: faults.resetBeforeHeaders });
    const reset = await askRange(`${proxy.origin}/a`, 0, 99_999);
    assert.deepEqual([reset.status, reset.error], [null, 'ECONNRESET']);
    server.faults.clear();
    server.faults.add({ fault: faults.stallAt(10) });
    const left = await askRange(`${proxy.origin}/a`, 0, 99_999, { patience: 100 });
    assert.equal(left.error, 'given up');
    await until('the server sees that the client has left', () => {
      return server.requests.every(({ ended }) => ended);
    });
    await server.goDown();
    assert.equal((await askRange(`${proxy.origin}/a`, 0, 9)).error, 'ECONNRESET');
    await server.comeUp();
  });

  describe('when the network is cut', () => {
    const settings = { roundTripMilliseconds: 20, bitsPerSecond: 100 * MEGABIT };

    /** A client with 2 MB under way, of which some have come, and nothing comes any more. */
    const cutStream = async (proxy: DelayProxy) => {
      const socket = await opened(proxy);
      const stream = { socket, bytes: 0, error: '' };
      socket.on('data', (piece) => (stream.bytes += piece.length));
      socket.on('error', (error) => (stream.error = error.message));
      socket.write('GET /a HTTP/1.1\r\nHost: x\r\nRange: bytes=0-1999999\r\n\r\n');
      await until('something has come', () => stream.bytes > 300_000);
      await proxy.cut();
      await sleep(20);
      const { bytes } = stream;
      await sleep(100);
      assert.equal(stream.bytes, bytes);
      assert.equal(stream.error, '');
      return stream;
    };

    it('goes on where it was, if the connections survive', async () => {
      const proxy = await between(settings);
      const stream = await cutStream(proxy);
      const meanwhile = askRange(`${proxy.origin}/a`, 0, 99);
      await sleep(50);
      await proxy.restore('go on');
      assert.ok((await meanwhile).body.equals(generatedBytes(SEED, 0, 100)));
      await until('all has come', () => stream.bytes > 2_000_000);
      stream.socket.destroy();
    });

    it('leaves connections that bring nothing any more', async () => {
      const proxy = await between(settings);
      const stream = await cutStream(proxy);
      const meanwhile = askRange(`${proxy.origin}/a`, 0, 99);
      const { bytes } = stream;
      await proxy.restore('stall');
      assert.equal((await meanwhile).status, 206);
      assert.equal((await askRange(`${proxy.origin}/a`, 0, 99)).status, 206);
      assert.deepEqual([stream.bytes, stream.error], [bytes, '']);
      stream.socket.destroy();
    });

    it('resets the connections', async () => {
      const proxy = await between(settings);
      const stream = await cutStream(proxy);
      await proxy.restore('reset');
      await until('the connection is reset', () => stream.error.includes('ECONNRESET'));
      assert.equal((await askRange(`${proxy.origin}/a`, 0, 99)).status, 206);
    });
  });
});

async function opened({ port }: DelayProxy): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  // The proxy may end first.
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

/** Sends a byte and waits for it. */
async function echoed(socket: Socket): Promise<void> {
  const back = once(socket, 'data');
  socket.write('x');
  await back;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

function megabitsOf(bytes: number, milliseconds: number): number {
  return (bytes * 8) / milliseconds / 1000;
}

/** Within five hundredths. */
function assertNear(measured: number, expected: number, unit: string): void {
  const near = Math.abs(measured - expected) <= expected * 0.05;
  assert.ok(near, `${measured.toFixed(2)} instead of ${expected} ${unit}`);
}
