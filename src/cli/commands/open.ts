import { basename } from 'node:path';
import { fail, type VmnetxError } from '../../core/errors/index.js';
import { parseLocation } from '../../core/reference/index.js';
import { readConfirmQuit } from '../../core/settings/index.js';
import { acceleratorFromEnvironment } from '../accelerator-setting.js';
import { readGivenLogin } from '../login/given-login.js';
import { loginHandler } from '../login/login-handler.js';
import type { Plan } from '../plan.js';
import { reportFailure } from '../report.js';

/**
 * `vmnetx open`: shows the machine in a window until it is closed. What keeps the window from
 * opening is told on the terminal; what keeps the machine from running, in the window.
 */
export async function open(
  plan: Extract<Plan, { command: 'open' }>,
  displayProblem: VmnetxError | null,
): Promise<number> {
  if (process.getuid?.() === 0) throw fail('host-root', {});
  const accelerator = plan.accelerator ?? acceleratorFromEnvironment(process.env);
  const given = await readGivenLogin(plan.login);
  if (displayProblem !== null) {
    // What is wrong with the location helps more than that there is no display.
    const { inspectMachine } = await import('../../core/session/index.js');
    const { signal } = new AbortController();
    const onLogin = loginHandler(given, plan.location);
    await inspectMachine(plan.location, plan, accelerator, process.env, onLogin, signal);
    throw displayProblem;
  }
  const { openWindow } = await import('../../ui/index.js');
  return openWindow({
    title: titleFor(plan.location),
    fullScreen: plan.fullScreen,
    // To ask is harmless where the setting cannot be read.
    confirms: () => readConfirmQuit(process.env).catch(() => true),
    startSession: async (desk) => {
      const { failureOf, startSession } = await import('../../core/session/index.js');
      const { RememberingLogin } = await import('../../core/login/index.js');
      const { sessionLog } = await import('../session-log.js');
      const login = new RememberingLogin({ ...desk, environment: process.env });
      const session = startSession({
        location: plan.location,
        fromLink: plan.fromLink,
        savedState: plan.savedState,
        accelerator,
        consoleSocket: process.env['VMNETX_CONSOLE'] ?? null,
        environment: process.env,
        onLogin: loginHandler(given, plan.location, (...asked) => login.answer(...asked)),
        log: await sessionLog('window', plan.location, process.env),
      });
      // Whoever started it from a terminal can read there what the window says.
      let told: VmnetxError | null = null;
      session.onChange(() => {
        const error = failureOf(session.state);
        if (error !== null && error !== told) {
          reportFailure('vmnetx', error, plan);
          if (error.code === 'server-login-refused') login.refused();
        }
        told = error;
      });
      return session;
    },
  });
}

/** Until the machine's name is known: the name of its file, never a query, which may be a secret. */
function titleFor(location: string): string {
  try {
    return basename(parseLocation(location, process.cwd()).label);
  } catch {
    return 'VMNetX';
  }
}
