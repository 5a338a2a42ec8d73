import assert from 'node:assert/strict';
import { fail } from '../../src/core/errors/index.js';
import type { ActivityReport, Session, SessionState } from '../../src/core/session/index.js';
import { LateSession } from '../../src/ui/late-session.js';

const running: SessionState = {
  phase: 'running',
  name: 'a machine',
  displaySocket: '/nowhere',
  pointer: { isAbsolute: true, mostMotions: null },
  accelerator: 'kvm',
  emulated: null,
  network: { away: false },
  caching: { on: true },
  guestNetwork: 'none',
  loggingIn: false,
  memoryRefused: null,
  packageChanged: null,
  sound: 'none',
  shuttingDown: false,
};

class RunningSession implements Session {
  readonly state = running;
  closed = 0;
  restarted = 0;
  reduced = 0;
  allowed: boolean | null = null;
  readonly asked: string[] = [];
  readonly watching = new Set<(report: ActivityReport) => void>();
  tell: () => void = () => undefined;

  onChange(listener: () => void): () => void {
    this.tell = listener;
    return () => undefined;
  }

  restart(): Promise<void> {
    this.restarted++;
    return Promise.resolve();
  }

  startWithLess(): Promise<void> {
    this.reduced++;
    return Promise.resolve();
  }

  startWithoutSavedState(): Promise<void> {
    this.asked.push('without-saved-state');
    return Promise.resolve();
  }

  allowPrivateAddress(): Promise<void> {
    this.asked.push('private-address');
    return Promise.resolve();
  }

  shutDown(): Promise<void> {
    this.asked.push('shut-down');
    return Promise.resolve();
  }

  reset(): Promise<void> {
    this.asked.push('reset');
    return Promise.resolve();
  }

  powerOff(): Promise<void> {
    this.asked.push('power-off');
    return Promise.resolve();
  }

  mute(muted: boolean): void {
    this.asked.push(muted ? 'mute' : 'unmute');
  }

  allowNetwork(allowed: boolean): Promise<void> {
    this.allowed = allowed;
    return Promise.resolve();
  }

  watchActivity(listener: (report: ActivityReport) => void): () => void {
    this.watching.add(listener);
    return () => this.watching.delete(listener);
  }

  async *followLog(): AsyncGenerator<string, void, undefined> {
    await Promise.resolve();
    yield 'a line\n';
  }

  close(): Promise<void> {
    this.closed++;
    return Promise.resolve();
  }
}

describe('a session that has yet to be loaded', () => {
  it('says that it is starting until it is there, then what the session says', async () => {
    const inner = new RunningSession();
    const session = new LateSession(() => Promise.resolve(inner));
    const phases: string[] = [];
    session.onChange(() => phases.push(session.state.phase));
    await session.restart();
    inner.tell();
    assert.deepEqual(phases, ['starting', 'running', 'running']);
  });

  it('passes on that the machine may start with less', async () => {
    const inner = new RunningSession();
    const session = new LateSession(() => Promise.resolve(inner));
    await session.restart();
    await session.startWithLess();
    assert.deepEqual([inner.restarted, inner.reduced], [0, 1]);
  });

  it('passes on that the saved state is left out, and that a private address is allowed', async () => {
    const inner = new RunningSession();
    const session = new LateSession(() => Promise.resolve(inner));
    await session.allowPrivateAddress();
    assert.deepEqual(inner.asked, []);
    await session.restart();
    await session.startWithoutSavedState();
    await session.allowPrivateAddress();
    assert.deepEqual(inner.asked, ['without-saved-state', 'private-address']);
  });

  it('has the log of the session, as soon as that is there', async () => {
    const session = new LateSession(() => Promise.resolve(new RunningSession()));
    void session.restart();
    const told: string[] = [];
    for await (const text of session.followLog(new AbortController().signal)) told.push(text);
    assert.deepEqual(told, ['a line\n']);
  });

  it('passes on whether the guest is to be heard', async () => {
    const inner = new RunningSession();
    const session = new LateSession(() => Promise.resolve(inner));
    session.mute(true);
    await session.restart();
    session.mute(true);
    session.mute(false);
    assert.deepEqual(inner.asked, ['mute', 'unmute']);
  });

  it('has those look at its machine who wanted to before it was there, unless they left', async () => {
    const inner = new RunningSession();
    const session = new LateSession(() => Promise.resolve(inner));
    const [stays, leaves] = [() => undefined, () => undefined];
    session.watchActivity(leaves)();
    const leave = session.watchActivity(stays);
    await session.restart();
    assert.deepEqual([...inner.watching], [stays]);
    leave();
    assert.deepEqual([...inner.watching], []);
  });

  it('has failed when it cannot be had, and tries again at a restart', async () => {
    let attempts = 0;
    const session = new LateSession(() => {
      attempts++;
      return attempts === 1
        ? Promise.reject(fail('reference-missing', { path: 'x' }))
        : Promise.resolve(new RunningSession());
    });
    await session.restart();
    assert.equal(session.state.phase === 'failed' && session.state.error.status, 66);
    await session.restart();
    assert.equal(session.state.phase, 'running');
  });

  it('turns what was never meant to be thrown into an error that can be shown', async () => {
    const session = new LateSession(() => Promise.reject(new TypeError('oops')));
    await session.restart();
    assert.equal(session.state.phase === 'failed' && session.state.error.code, 'internal-error');
  });

  it('passes a restart on once it is there', async () => {
    const inner = new RunningSession();
    const session = new LateSession(() => Promise.resolve(inner));
    await session.restart();
    await session.restart();
    assert.equal(inner.restarted, 1);
  });

  it('closes a session that arrives while it is being closed', async () => {
    const inner = new RunningSession();
    let arrive: (session: Session) => void = () => undefined;
    const session = new LateSession(() => new Promise((resolve) => (arrive = resolve)));
    void session.restart();
    const closing = session.close();
    arrive(inner);
    await closing;
    assert.equal(inner.closed, 1);
  });
});
