import { errorValues, type Log, type LogValues } from '../log/index.js';
import type { Session } from './session.js';
import type { SessionState } from './session-state.js';

/**
 * Writes down which steps a session takes from now on, how long each took, and how it ends. What it
 * meets on the way (the network, the store), its vmnetfs writes down.
 */
export function logSession(session: Pick<Session, 'state' | 'onChange'>, log: Log): void {
  let step = stepOf(session.state);
  let since = performance.now();
  log.info('The session begins', { step });
  session.onChange(() => {
    const { state } = session;
    const before = step;
    step = stepOf(state);
    if (step === before) return;
    const now = performance.now();
    const last = { after: before, milliseconds: Math.round(now - since) };
    since = now;
    if (state.phase === 'failed') {
      log.error('The session failed', { ...last, ...errorValues(state.error) });
    } else {
      log.info('The session goes on', { step, ...last, ...valuesOf(state) });
    }
  });
}

function stepOf(state: SessionState): string {
  return state.phase === 'starting' ? state.step : state.phase;
}

function valuesOf(state: SessionState): LogValues {
  return state.phase === 'running'
    ? { accelerator: state.accelerator, guestNetwork: state.guestNetwork }
    : {};
}
