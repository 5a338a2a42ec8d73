/** The proxy itself: a process of its own, so that nobody else's work delays what it delays. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import { Link } from './link.js';
import { isOrder, type Order, type ProxySettings } from './messages.js';
import { RelayedConnection } from './relayed-connection.js';

function settingsOf(text: string | undefined): ProxySettings {
  const given: unknown = JSON.parse(text ?? 'null');
  if (typeof given !== 'object' || given === null) throw new TypeError('There are no settings');
  const fields = new Map(Object.entries(given));
  const bitsPerSecond: unknown = fields.get('bitsPerSecond');
  return {
    port: Number(fields.get('port')),
    roundTripMilliseconds: Number(fields.get('roundTripMilliseconds')),
    bitsPerSecond: typeof bitsPerSecond === 'number' ? bitsPerSecond : null,
  };
}

const settings = settingsOf(process.argv[2]);
const connections = new Set<RelayedConnection>();
/** The connections that were there when the network went away; null while it is there. */
let lost: ReadonlySet<RelayedConnection> | null = null;

const link = new Link(settings, () => {
  for (const connection of connections) connection.regulate();
});

const server = createServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect: true });
server.on('connection', (client) => {
  const connection = new RelayedConnection(client, settings.port, link, lost !== null, () =>
    connections.delete(connection),
  );
  connections.add(connection);
});

function obey(order: Order): void {
  if (order === 'cut') {
    lost ??= new Set(connections);
    link.cut();
    for (const connection of connections) connection.cut();
    return;
  }
  const before = lost ?? new Set();
  lost = null;
  for (const connection of connections) {
    if (!before.has(connection)) connection.resume(false);
    else if (order === 'go on') connection.resume(true);
    else if (order === 'stall') connection.kill();
    else connection.reset();
  }
  link.restore();
}

process.on('message', (message) => {
  if (!isOrder(message)) return;
  obey(message);
  process.send?.('done');
});
process.on('disconnect', () => {
  process.exit();
});

server.listen(0, '127.0.0.1');
await once(server, 'listening');
const address = server.address();
process.send?.(typeof address === 'object' && address !== null ? address.port : 0);
