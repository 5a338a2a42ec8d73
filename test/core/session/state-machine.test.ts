import assert from 'node:assert/strict';
import fc from 'fast-check';
import { fail } from '../../../src/core/errors/index.js';
import type {
  Outcome,
  Running,
  SessionState,
  Starting,
  Stopping,
} from '../../../src/core/session/session-state.js';
import { startSteps } from '../../../src/core/session/session-state.js';
import { advance, beginning, type SessionEvent } from '../../../src/core/session/state-machine.js';

const closed: Outcome = { phase: 'ended', how: 'closed' };
const shutDown: Outcome = { phase: 'ended', how: 'shut-down' };
const failed: Outcome = {
  phase: 'failed',
  error: fail('host-machine-stopped', {}),
  savedStateSuspected: false,
};
const again: Stopping['next'] = { phase: 'starting' };

const runs: SessionEvent = {
  event: 'runs',
  name: 'Xenix',
  displaySocket: '/run/display',
  pointer: { isAbsolute: true, mostMotions: null },
  accelerator: 'tcg',
  emulated: 'missing',
};
const gone: SessionEvent = { event: 'gone' };
const halfLoaded: SessionEvent = {
  event: 'loaded',
  loaded: { done: 1, total: 2, secondsLeft: 3 },
};
const away: SessionEvent = {
  event: 'met',
  change: {
    network: {
      away: true,
      since: 0,
      tries: 1,
      error: fail('network-timeout', { host: 'example.org' }),
    },
  },
};

function stop(next: Stopping['next']): SessionEvent {
  return { event: 'stop', next };
}

function after(...events: readonly SessionEvent[]): SessionState {
  return events.reduce(advance, beginning);
}

const running = after(runs);

describe('the state of a session', () => {
  it('says that the package is another until the machine starts again', () => {
    const packageChanged = fail('package-changed', { location: 'a.nxpk' });
    const changed = advance(running, { event: 'met', change: { packageChanged } });
    assert.equal(isRunning(changed) && changed.packageChanged, packageChanged);
    const anew = advance(advance(changed, stop(again)), gone);
    assert.equal(isStarting(anew) && anew.packageChanged, null);
  });

  it('goes through the steps of a start in their order, and never back', () => {
    let state: SessionState = beginning;
    for (const step of startSteps) state = advance(state, { event: 'step', step });
    assert.equal(isStarting(state) && state.step, 'booting');
    for (const step of startSteps) assert.equal(advance(state, { event: 'step', step }), state);
  });

  it('says how much of the memory is loaded, while it is being loaded', () => {
    assert.equal(advance(beginning, halfLoaded), beginning);
    const state = after({ event: 'step', step: 'loading' }, halfLoaded);
    assert.deepEqual(isStarting(state) && state.loaded, { done: 1, total: 2, secondsLeft: 3 });
    const next = advance(state, { event: 'step', step: 'booting' });
    assert.equal(isStarting(next) && next.loaded, null);
  });

  it('keeps what is known of the machine and its surroundings when it runs', () => {
    const loggingIn: SessionEvent = { event: 'met', change: { loggingIn: true } };
    const memoryRefused = fail('memory-damaged', { reason: 'it ends too early' });
    const refused: SessionEvent = { event: 'met', change: { memoryRefused } };
    const heard: SessionEvent = { event: 'met', change: { sound: 'heard' } };
    const state = after({ event: 'named', name: 'Xenix' }, away, loggingIn, refused, heard, runs);
    assert.ok(isRunning(state));
    const { name, network, shuttingDown, sound } = state;
    assert.deepEqual(
      [name, network.away, state.loggingIn, state.memoryRefused, shuttingDown, sound],
      ['Xenix', true, true, memoryRefused, false, 'heard'],
    );
    assert.equal(state.emulated, 'missing');
    // Another run may go on where the machine was saved.
    const anew = advance(advance(state, stop(again)), gone);
    assert.equal(isStarting(anew) && anew.memoryRefused, null);
  });

  it('says that the guest was asked to shut down until it begins anew', () => {
    const asked = advance(running, { event: 'shutdown-asked' });
    assert.equal(isRunning(asked) && asked.shuttingDown, true);
    assert.equal(advance(asked, { event: 'shutdown-asked' }), asked);
    assert.deepEqual(advance(asked, { event: 'rebooted' }), running);
  });

  for (const [title, state] of [
    ['while it starts', beginning],
    ['while the machine runs', running],
  ] as const) {
    for (const outcome of [closed, shutDown, failed]) {
      it(`ends only when everything is given up: ${title}, ${wordsOf(outcome)}`, () => {
        const stopping = advance(state, stop(outcome));
        assert.deepEqual(stopping, { phase: 'stopping', next: outcome });
        assert.deepEqual(advance(stopping, gone), outcome);
      });
    }

    it(`begins again only when everything is given up: ${title}`, () => {
      assert.deepEqual(advance(advance(state, stop(again)), gone), beginning);
    });
  }

  for (const [first, second, wins] of [
    [failed, shutDown, failed],
    [shutDown, failed, shutDown],
    [failed, again, again],
    [again, failed, again],
    [again, closed, closed],
    [closed, again, closed],
    [closed, failed, closed],
    [failed, closed, closed],
  ] as const) {
    it(`stops for what counts more: ${wordsOf(first)}, then ${wordsOf(second)}`, () => {
      const state = after(runs, stop(first), stop(second));
      assert.deepEqual(state, { phase: 'stopping', next: wins });
    });
  }

  for (const outcome of [closed, shutDown, failed]) {
    it(`begins again from its end: ${wordsOf(outcome)}`, () => {
      assert.equal(after(stop(outcome), gone, stop(again)), beginning);
    });
  }

  it('takes nothing from a run that is over, whatever comes, in whatever order', () => {
    fc.assert(
      fc.property(fc.array(anEvent), (events) => {
        let state: SessionState = beginning;
        for (const event of events) {
          const next = advance(state, event);
          assert.ok(mayFollow(state, next, event), `${state.phase} → ${next.phase}`);
          state = next;
        }
        // Every state can be left, and then nothing goes on.
        const left = advance(advance(state, stop(closed)), gone);
        assert.ok(left.phase === 'ended' || left.phase === 'failed');
        for (const event of events) {
          if (event.event !== 'stop') assert.equal(advance(left, event), left);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

const anEvent: fc.Arbitrary<SessionEvent> = fc.oneof(
  fc.constantFrom(...startSteps).map((step) => ({ event: 'step' as const, step })),
  fc.constantFrom(closed, shutDown, failed, again).map(stop),
  fc.constantFrom<SessionEvent>(
    runs,
    gone,
    away,
    { event: 'named', name: 'Xenix' },
    { event: 'shutdown-asked' },
    { event: 'rebooted' },
    halfLoaded,
  ),
);

/** The rules once more, as a table: which phase may follow which, and at which event. */
function mayFollow(before: SessionState, after: SessionState, { event }: SessionEvent): boolean {
  if (before.phase === after.phase) return true;
  const way = `${before.phase} ${event} ${after.phase}`;
  return [
    'starting runs running',
    'starting stop stopping',
    'running stop stopping',
    'stopping gone starting',
    'stopping gone ended',
    'stopping gone failed',
    'ended stop starting',
    'failed stop starting',
  ].includes(way);
}

function wordsOf(next: Stopping['next']): string {
  if (next.phase === 'starting') return 'a start';
  return next.phase === 'failed' ? 'a failure' : next.how;
}

function isStarting(state: SessionState): state is Starting {
  return state.phase === 'starting';
}

function isRunning(state: SessionState): state is Running {
  return state.phase === 'running';
}
