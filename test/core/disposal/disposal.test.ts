import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { Disposal } from '../../../src/core/disposal/index.js';

const LONG = 10_000;
const forever = new Promise<void>(() => undefined);

describe('Disposal', () => {
  let done: string[] = [];
  let disposal = new Disposal();

  beforeEach(() => {
    done = [];
    disposal = new Disposal();
  });

  /** Registers a thing whose end takes a moment. */
  function addSlow(what: string): void {
    disposal.add(what, LONG, async () => {
      done.push(`${what} begins`);
      await sleep(5);
      done.push(`${what} ends`);
    });
  }

  it('gives up in reverse order, one after the other', async () => {
    addSlow('first');
    addSlow('second');
    assert.deepEqual(await disposal.dispose(), []);
    assert.deepEqual(done, ['second begins', 'second ends', 'first begins', 'first ends']);
  });

  it('gives up once, and a second call waits for the first', async () => {
    addSlow('it');
    const first = disposal.dispose();
    assert.deepEqual(await disposal.dispose(), []);
    assert.deepEqual(done, ['it begins', 'it ends']);
    await first;
    await disposal.dispose();
    assert.equal(done.length, 2);
  });

  it('goes on after a failure, and returns what went wrong', async () => {
    addSlow('first');
    const cause = new Error('busy');
    disposal.add('second', LONG, () => Promise.reject(cause));
    disposal.add('third', LONG, () => {
      throw cause;
    });
    const errors = await disposal.dispose();
    assert.deepEqual(
      errors.map((error) => [error.message, error.cause]),
      [
        ['third: Error: busy', cause],
        ['second: Error: busy', cause],
      ],
    );
    assert.deepEqual(done, ['first begins', 'first ends']);
  });

  it('goes on when something takes too long', async () => {
    addSlow('first');
    disposal.add('second', 20, () => forever);
    const [error, ...more] = await disposal.dispose();
    assert.match(error?.message ?? '', /^second: .*longer than 20 ms$/);
    assert.deepEqual(more, []);
    assert.deepEqual(done, ['first begins', 'first ends']);
  });

  it('takes nothing any more once it has begun', async () => {
    const disposing = disposal.dispose();
    assert.throws(() => {
      addSlow('late');
    }, /late was acquired after the disposal began/);
    await disposing;
  });
});
