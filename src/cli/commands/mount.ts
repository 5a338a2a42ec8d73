import { access, constants, readdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { deadline, untilAborted } from '../../core/disposal/index.js';
import { fail, fileError, type VmnetxError } from '../../core/errors/index.js';
import { newAccess } from '../../core/fetch/index.js';
import { errorValues, type Log } from '../../core/log/index.js';
import {
  findPackage,
  logPackage,
  mountPackage,
  readReach,
  readWorkingSet,
  writeWorkingSet,
  type WorkingSet,
} from '../../core/session/index.js';
import { readGivenLogin } from '../login/given-login.js';
import { loginHandler } from '../login/login-handler.js';
import { MountTold } from '../mount-told.js';
import type { Plan } from '../plan.js';
import { sessionLog } from '../session-log.js';
import { untilInterrupted } from '../signals.js';

/** How long vmnetfs may take to tell what was touched. */
const TOUCHES_MILLISECONDS = 5000;

type MountPlan = Extract<Plan, { command: 'mount' }>;

/**
 * `vmnetx mount`: shows a package's images as files until it is interrupted, and then ends with 0.
 * What is written to them is discarded.
 */
export async function mount(plan: MountPlan): Promise<number> {
  const directory = resolve(plan.directory);
  await requireEmptyFolder(directory);
  if (plan.record !== null) await requireWritableFolder(dirname(resolve(plan.record)));
  const log = await sessionLog('mount', plan.location, process.env);
  const known: { touched: WorkingSet | null } = { touched: null };
  const status = await untilInterrupted(async (signal) => {
    known.touched = await mountUntil(plan, directory, log, signal);
  }).catch(async (error: unknown) => {
    log.error('The mount failed', errorValues(error));
    await log.close();
    throw error;
  });
  log.info('The mount is over', { status });
  await log.close();
  if (status === 0 && plan.record !== null) {
    if (known.touched === null) throw fail('host-pages-lost', {});
    await writeWorkingSet(plan.record, known.touched);
  }
  return status;
}

/** Returns what was touched, if that is to be recorded and vmnetfs can tell. */
async function mountUntil(
  { location, fromLink, login, prefetch, record, whole }: MountPlan,
  directory: string,
  log: Log,
  signal: AbortSignal,
): Promise<WorkingSet | null> {
  const onLogin = loginHandler(await readGivenLogin(login), location);
  const onRetry = (error: VmnetxError): void => {
    log.info('A request is tried again', errorValues(error));
  };
  const begin = newAccess(await readReach(fromLink, process.env));
  const found = await findPackage(location, signal, { onLogin, onRetry }, begin);
  await found.source.close();
  logPackage(found, log);
  const ahead = prefetch === null ? [] : await readWorkingSet(prefetch, found.package);
  const told = new MountTold(onLogin);
  const place = { directory, removeAfter: null, whole, log };
  const vmnetfs = await mountPackage(found, process.env, place, told, signal);
  try {
    if (ahead.length > 0) await vmnetfs.prefetch(ahead);
    process.stdout.write(`mounted ${directory}\n`);
    // It ends by an interruption, or is lost.
    const problem = await untilAborted(told.lost, signal).catch(() => null);
    if (problem !== null) throw fail('host-mount-lost', { path: directory }, { cause: problem });
    if (record === null) return null;
    return await deadline(vmnetfs.touches(), TOUCHES_MILLISECONDS, 'the record').catch(() => null);
  } finally {
    await vmnetfs.unmount();
  }
}

async function requireEmptyFolder(directory: string): Promise<void> {
  const names = await readdir(directory).catch(() => null);
  if (names?.length !== 0) throw fail('host-mount-directory', { path: directory });
}

/** The record is written at the end: it should not fail only then. */
async function requireWritableFolder(directory: string): Promise<void> {
  try {
    await access(directory, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw fileError(directory, error);
  }
}
