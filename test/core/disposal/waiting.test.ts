import assert from 'node:assert/strict';
import { deadline, untilAborted } from '../../../src/core/disposal/index.js';

const forever = new Promise<never>(() => undefined);

/** How many timers keep the process alive. */
function timers(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
}

describe('deadline', () => {
  it('brings what the work brings, and leaves no timer behind', async () => {
    // The test runner sets its own timer once a test waits.
    await new Promise(setImmediate);
    const before = timers();
    assert.equal(await deadline(Promise.resolve(7), 60_000, 'it'), 7);
    await assert.rejects(deadline(Promise.reject(new Error('no')), 60_000, 'it'), /^Error: no$/);
    assert.equal(timers(), before);
  });

  it('names what took too long', async () => {
    await assert.rejects(deadline(forever, 10, 'the mount'), {
      message: 'the mount took longer than 10 ms',
    });
  });

  it('keeps quiet about work that fails when nobody waits any longer', async () => {
    let breakOff: (error: Error) => void = () => undefined;
    const work = new Promise<never>((_, reject) => {
      breakOff = reject;
    });
    await assert.rejects(deadline(work, 1, 'it'), /longer than/);
    // An unhandled rejection would end the test run.
    breakOff(new Error('late'));
    await new Promise(setImmediate);
  });
});

describe('untilAborted', () => {
  it('brings what the work brings', async () => {
    const { signal } = new AbortController();
    assert.equal(await untilAborted(Promise.resolve('a'), signal), 'a');
    await assert.rejects(untilAborted(Promise.reject(new Error('no')), signal), /^Error: no$/);
  });

  it('ends with the reason of a signal that comes', async () => {
    const controller = new AbortController();
    const waiting = untilAborted(forever, controller.signal);
    controller.abort();
    await assert.rejects(waiting, { name: 'AbortError' });
  });

  it('ends at once when the signal was there before, and hears the work fail later', async () => {
    const reason = new Error('closed');
    const late = new Promise<never>((_, reject) => {
      setImmediate(() => {
        reject(new Error('late'));
      });
    });
    await assert.rejects(
      untilAborted(late, AbortSignal.abort(reason)),
      (error) => error === reason,
    );
    await new Promise((resolve) => setTimeout(resolve, 5));
  });

  it('makes an error of a reason that is none', async () => {
    await assert.rejects(untilAborted(forever, AbortSignal.abort('enough')), { message: 'enough' });
  });
});
