/**
 * The vmnetfs process: it owns the mount of one machine, and must not be the process that reads it.
 * Its owner talks to it over the channel of `fork`. When the owner is gone, or the desktop logs out,
 * nobody may wait for bytes any more, and the mount ends once QEMU has closed its files.
 */
import { asVmnetxError, toPlainError } from '../errors/index.js';
import { attachLog, Log } from '../log/index.js';
import { MountLog } from './mount-log.js';
import { toPlainState } from './network-state.js';
import { Owner } from './owner.js';
import { PackageMount } from './package-mount.js';
import { isRequest, type Answer, type MountRequest, type Request } from './protocol.js';
import { Reporting } from './reporting.js';

/** The longest that the mount outlives its owner, in milliseconds. */
const ORPHAN_MILLISECONDS = 20_000;

const ending = new AbortController();
const owner = new Owner();
const reporting = new Reporting((report) => {
  owner.tell({ event: 'statistics', report });
});
let mount: Promise<PackageMount> | null = null;
let log = new MountLog(Log.none);

async function answer(request: Request): Promise<void> {
  const { id } = request;
  try {
    owner.tell({ id, error: null, ...(await carryOut(request)) });
  } catch (error) {
    owner.tell({ id, error: toPlainError(asVmnetxError(error)) });
  }
}

async function carryOut(request: Request): Promise<Pick<Answer, 'touches'>> {
  switch (request.ask) {
    case 'mount':
      mount = open(request.mount);
      await mount;
      return {};
    case 'limit-wait':
      (await mount)?.limitWait();
      return {};
    case 'fail-waiting':
      (await mount)?.failWaiting();
      return {};
    case 'settle':
      await (await mount)?.settle();
      return {};
    case 'statistics':
      reporting.start((await mount) ?? null, request.intervalMilliseconds);
      return {};
    case 'prefetch':
      (await mount)?.prefetch(request.chunks);
      return {};
    case 'touches':
      return { touches: (await mount)?.takeTouches() ?? [] };
    case 'login':
      owner.loginAnswered(request.login, request.credentials);
      return {};
    case 'unmount':
      ending.abort();
      reporting.stop();
      await close();
      // The answer goes out first; then nothing keeps the process alive.
      setImmediate(() => {
        process.disconnect();
      });
      return {};
  }
}

async function open(request: MountRequest): Promise<PackageMount> {
  log = new MountLog(await attachLog(request.log, 'vmnetfs'));
  log.begin(request);
  const listener = log.listen({
    onFetchFailed: (error) => {
      owner.tell({ event: 'fetch-failed', error: toPlainError(error) });
    },
    onNetwork: (state) => {
      owner.tell({ event: 'network', state: toPlainState(state) });
    },
    onCaching: (error) => {
      owner.tell({ event: 'caching', error: error === null ? null : toPlainError(error) });
    },
    onLogin: (login, signal) => owner.askLogin(login, signal),
    onUnmounted: () => {
      owner.tell({ event: 'unmounted' });
    },
  });
  try {
    const opened = await PackageMount.open(request, ending.signal, listener);
    log.mounted();
    return opened;
  } catch (error) {
    log.failed(error);
    throw error;
  }
}

/** Ends the mount, if there is one. */
async function close(): Promise<void> {
  const open = (await mount?.catch(() => null)) ?? null;
  log.end(open);
  await open?.close();
}

/** Ends the mount without an owner: bounded in time, whatever QEMU does. */
async function windDown(): Promise<void> {
  ending.abort();
  reporting.stop();
  owner.gone();
  const open = await mount?.catch(() => null);
  if (open !== null && open !== undefined) {
    open.failWaiting();
    await open.waitUntilClosed(ORPHAN_MILLISECONDS);
  }
  await close();
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
// Nobody sees what it says at its end.
process.on('uncaughtExceptionMonitor', (error) => {
  log.crashed(error);
});
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
  process.on(signal, () => {
    owner.tell({ event: 'ending' });
    windDownOnce();
  });
}
