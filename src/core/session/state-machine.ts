import {
  startSteps,
  type Circumstances,
  type Loaded,
  type Running,
  type SessionState,
  type Starting,
  type StartStep,
  type Stopping,
} from './session-state.js';

/** What changes the state of a session. What makes no sense in a state leaves it as it is. */
export type SessionEvent =
  | { readonly event: 'step'; readonly step: StartStep }
  | { readonly event: 'named'; readonly name: string }
  /** So much of the memory is loaded. */
  | { readonly event: 'loaded'; readonly loaded: Loaded }
  | { readonly event: 'met'; readonly change: Partial<Circumstances> }
  | ({ readonly event: 'runs' } & Pick<
      Running,
      'name' | 'displaySocket' | 'pointer' | 'accelerator' | 'emulated'
    >)
  /** The guest's power button was pressed. */
  | { readonly event: 'shutdown-asked' }
  /** The guest began anew, by itself or because it was reset. */
  | { readonly event: 'rebooted' }
  /** Everything is to be given up, for whatever reason, so that `next` can follow. */
  | { readonly event: 'stop'; readonly next: Stopping['next'] }
  /** Everything has been given up. */
  | { readonly event: 'gone' };

/** How every run begins: nothing is wrong, as far as is known. */
export const beginning: Starting = {
  phase: 'starting',
  step: 'resolving',
  name: null,
  loaded: null,
  network: { away: false },
  caching: { on: true },
  guestNetwork: null,
  loggingIn: false,
  memoryRefused: null,
  packageChanged: null,
  sound: 'none',
};

/** The state after an event; the very same object where the event changes nothing. */
export function advance(state: SessionState, event: SessionEvent): SessionState {
  switch (state.phase) {
    case 'starting':
      return whileStarting(state, event);
    case 'running':
      return whileRunning(state, event);
    case 'stopping':
      return whileStopping(state, event);
    case 'ended':
    case 'failed':
      // Nothing is left that would have to be stopped first.
      return event.event === 'stop' && event.next.phase === 'starting' ? beginning : state;
  }
}

function whileStarting(state: Starting, event: SessionEvent): SessionState {
  switch (event.event) {
    case 'step': {
      const goesBack = startSteps.indexOf(event.step) <= startSteps.indexOf(state.step);
      return goesBack ? state : { ...state, step: event.step, loaded: null };
    }
    case 'loaded':
      return state.step === 'loading' ? { ...state, loaded: event.loaded } : state;
    case 'named':
      return { ...state, name: event.name };
    case 'met':
      return { ...state, ...event.change };
    case 'runs': {
      const { network, caching, guestNetwork, loggingIn, memoryRefused, packageChanged, sound } =
        state;
      const { name, displaySocket, pointer, accelerator, emulated } = event;
      const machine = { name, displaySocket, pointer, accelerator, emulated, shuttingDown: false };
      const troubles = { network, caching, memoryRefused, packageChanged };
      return { phase: 'running', ...machine, ...troubles, guestNetwork, loggingIn, sound };
    }
    case 'stop':
      return { phase: 'stopping', next: event.next };
    case 'shutdown-asked':
    case 'rebooted':
    case 'gone':
      return state;
  }
}

function whileRunning(state: Running, event: SessionEvent): SessionState {
  switch (event.event) {
    case 'met':
      return { ...state, ...event.change };
    case 'shutdown-asked':
      return state.shuttingDown ? state : { ...state, shuttingDown: true };
    case 'rebooted':
      return state.shuttingDown ? { ...state, shuttingDown: false } : state;
    case 'stop':
      return { phase: 'stopping', next: event.next };
    case 'step':
    case 'named':
    case 'loaded':
    case 'runs':
    case 'gone':
      return state;
  }
}

function whileStopping(state: Stopping, event: SessionEvent): SessionState {
  if (event.event === 'gone') return state.next.phase === 'starting' ? beginning : state.next;
  if (event.event !== 'stop' || rank(event.next) <= rank(state.next)) return state;
  return { phase: 'stopping', next: event.next };
}

/**
 * Which of two wishes counts while everything is being given up: the end of the session before
 * another start, and both before what ended the run; of the same rank, the first.
 */
function rank(next: Stopping['next']): number {
  if (next.phase === 'starting') return 1;
  return next.phase === 'ended' && next.how === 'closed' ? 2 : 0;
}
