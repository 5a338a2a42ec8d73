/**
 * The vmnetfs process: it owns the mount of one machine, and must not be the process that reads it.
 * Its owner talks to it over the channel of `fork`. When the owner is gone, or the desktop logs out,
 * nobody may wait for bytes any more, and the mount ends once QEMU has closed its files.
 */
import { asVmnetxError, toPlainError } from '../errors/index.js';
import { isRequest, type Message, type Request } from './protocol.js';
import { PackageMount } from './package-mount.js';

/** The longest that the mount outlives its owner, in milliseconds. */
const ORPHAN_MILLISECONDS = 20_000;

const ending = new AbortController();
let mount: Promise<PackageMount> | null = null;

function send(message: Message): void {
  // The owner may be gone before the message arrives: the channel's end is told of by itself.
  if (process.connected) process.send?.(message, () => undefined);
}

async function answer(request: Request): Promise<void> {
  try {
    await carryOut(request);
    send({ id: request.id, error: null });
  } catch (error) {
    send({ id: request.id, error: toPlainError(asVmnetxError(error)) });
  }
}

async function carryOut(request: Request): Promise<void> {
  switch (request.ask) {
    case 'mount':
      mount = PackageMount.open(request.mount, ending.signal, {
        onFetchFailed: (error) => {
          send({ event: 'fetch-failed', error: toPlainError(error) });
        },
        onUnmounted: () => {
          send({ event: 'unmounted' });
        },
      });
      await mount;
      return;
    case 'limit-wait':
      (await mount)?.limitWait();
      return;
    case 'fail-waiting':
      (await mount)?.failWaiting();
      return;
    case 'settle':
      await (await mount)?.settle();
      return;
    case 'unmount':
      ending.abort();
      await (await mount?.catch(() => null))?.close();
      // The answer goes out first; then nothing keeps the process alive.
      setImmediate(() => {
        process.disconnect();
      });
  }
}

/** Ends the mount without an owner: bounded in time, whatever QEMU does. */
async function windDown(): Promise<void> {
  ending.abort();
  const open = await mount?.catch(() => null);
  if (open !== null && open !== undefined) {
    open.failWaiting();
    await open.waitUntilClosed(ORPHAN_MILLISECONDS);
    await open.close();
  }
  process.exit(0);
}

let windingDown = false;
function windDownOnce(): void {
  if (windingDown) return;
  windingDown = true;
  void windDown();
}

process.on('message', (request) => {
  if (isRequest(request)) void answer(request);
});
process.on('disconnect', windDownOnce);
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
  process.on(signal, () => {
    send({ event: 'ending' });
    windDownOnce();
  });
}
