/**
 * A process that has sessions, one after the other, as a window has one: its parent says what is done
 * with them, and is told of every state.
 */
import { Log } from '../../../../src/core/log/index.js';
import {
  startSession,
  type Session,
  type SessionState,
} from '../../../../src/core/session/index.js';
import type { ChildReport, Order, Place } from './session-process.js';

let session: Session | null = null;

async function carryOut(order: Order): Promise<void> {
  if (order.order === 'open') {
    const opened = startSession({
      location: order.location,
      fromLink: false,
      savedState: true,
      log: Log.none,
      accelerator: 'tcg',
      consoleSocket: order.consoleSocket,
      environment: process.env,
      // Whoever is asked does not answer until nobody wants to know any more.
      onLogin: (_, signal) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => {
            resolve(null);
          });
        }),
    });
    session = opened;
    const tell = (): void => {
      if (session === opened) report({ place: placeOf(opened.state), ...outcomeOf(opened.state) });
    };
    opened.onChange(tell);
    tell();
    return;
  }
  if (session === null) return;
  const begin = performance.now();
  switch (order.order) {
    case 'close':
      await session.close();
      break;
    case 'restart':
      await session.restart();
      break;
    case 'start-with-less':
      await session.startWithLess();
      break;
    case 'shut-down':
      await session.shutDown();
      break;
    case 'reset':
      await session.reset();
      break;
    case 'power-off':
      await session.powerOff();
      break;
  }
  report({ done: order.order, milliseconds: performance.now() - begin });
}

function placeOf(state: SessionState): Place {
  if (state.phase !== 'starting' && state.phase !== 'running') return state.phase;
  if (state.loggingIn) return 'logging-in';
  if (state.network.away) return 'away';
  return state.phase === 'running' ? 'running' : state.step;
}

function outcomeOf(state: SessionState): Omit<ChildReport, 'place' | 'done' | 'milliseconds'> {
  if (state.phase === 'failed') return { code: state.error.code };
  if (state.phase === 'ended') return { how: state.how };
  if (state.phase === 'stopping') return {};
  const { network, memoryRefused } = state;
  return {
    ...(network.away ? { since: network.since } : {}),
    ...(memoryRefused === null ? {} : { refused: memoryRefused.code }),
  };
}

function report(what: ChildReport): void {
  process.send?.(what);
}

process.on('message', (order: Order) => void carryOut(order));
process.on('disconnect', () => process.exit(0));
