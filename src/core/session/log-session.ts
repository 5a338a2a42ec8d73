import { errorValues, type Log, type LogValues } from '../log/index.js';
import type { Session } from './session.js';
import { failureOf, type SessionState } from './session-state.js';

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
    const error = failureOf(state);
    if (error !== null && state.phase === 'stopping') {
      log.error('The session fails', { ...last, ...errorValues(error) });
    } else {
      log.info('The session goes on', { step, ...last, ...valuesOf(state) });
    }
  });
}

function stepOf(state: SessionState): string {
  return state.phase === 'starting' ? state.step : state.phase;
}

function valuesOf(state: SessionState): LogValues {
  switch (state.phase) {
    case 'running':
      return { accelerator: state.accelerator, guestNetwork: state.guestNetwork };
    case 'ended':
      return { how: state.how };
    case 'starting':
    case 'stopping':
    case 'failed':
      return {};
  }
}
