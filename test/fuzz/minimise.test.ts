import assert from 'node:assert/strict';
import { minimise } from './minimise.js';
import { fromShown, toShown } from './shown-bytes.js';

describe('minimise', function () {
  this.timeout(60_000);

  it('leaves what breaks a parser, and nothing besides', async () => {
    const input = toShown(Buffer.from(`hay needle`));
    const found = { what: 'TypeError: nothing is not a function', input };
    const smallest = await minimise('a TypeError', found, { milliseconds: 45_000 });
    assert.equal(fromShown(smallest.input).toString(), 'needle');
    assert.match(smallest.what, /^TypeError: nothing/);
  });

  it('ends in time, with what it has found by then', async () => {
    const found = { what: 'it hangs', input: toShown(Buffer.from('a stack of needles')) };
    assert.deepEqual(await minimise('a TypeError', found, { milliseconds: 0 }), found);
  });

  it('leaves inputs that are no bytes as they are', async () => {
    const found = { what: 'it hangs', input: '{"id":1}' };
    assert.deepEqual(await minimise('a TypeError', found, { milliseconds: 45_000 }), found);
  });
});
