import assert from 'node:assert/strict';
import { asVmnetxError, fail, messageOf, VmnetxError } from '../../../src/core/errors/index.js';

describe('fail', () => {
  it('fills sentence and hint, and takes the rest from the catalogue', () => {
    const cause = new Error('EBUSY');
    const error = fail('host-unmount-failed', { directory: '/run/a' }, { cause, detail: 'busy' });
    assert.ok(error instanceof VmnetxError && error instanceof Error);
    assert.equal(error.name, 'VmnetxError');
    assert.equal(error.code, 'host-unmount-failed');
    assert.equal(error.message, 'The folder /run/a could not be unmounted.');
    assert.equal(error.hint, 'Run “fusermount3 -u -z /run/a”.');
    assert.equal(error.status, 69);
    assert.equal(error.retryable, true);
    assert.equal(error.detail, 'busy');
    assert.equal(error.cause, cause);
  });

  it('has neither hint nor detail nor cause where there is none', () => {
    const error = fail('usage-not-yet', { word: 'cache' });
    assert.equal(error.hint, null);
    assert.equal(error.detail, null);
    assert.ok(!('cause' in error));
  });

  it('makes parameters from strangers harmless, and short', () => {
    const path = `\u001b[31m\u202ea\n${'x'.repeat(1000)}`;
    const { message } = fail('reference-missing', { path });
    assert.equal(message, `There is no file \ufffd[31m\ufffda\ufffd${'x'.repeat(291)}….`);
  });

  it('takes parameters as they are, whatever they look like', () => {
    const reason = '{command} $& $1 {reason}';
    const error = fail('usage-arguments', { reason, command: 'vmnetx' });
    assert.equal(error.message, `This is not how the command is called: ${reason}.`);
    assert.equal(error.hint, 'See “vmnetx --help”.');
  });
});

describe('asVmnetxError', () => {
  it('leaves an error of the catalogue alone', () => {
    const error = fail('host-root', {});
    assert.equal(asVmnetxError(error), error);
  });

  it('makes anything else our own fault, and keeps what it was', () => {
    for (const [thrown, detail] of [
      [new TypeError('x is undefined'), 'x is undefined'],
      ['just a text', 'just a text'],
      [undefined, 'undefined'],
    ] as const) {
      const error = asVmnetxError(thrown);
      assert.equal(error.code, 'internal-error');
      assert.equal(error.status, 70);
      assert.equal(error.detail, detail);
      assert.equal(error.cause, thrown);
    }
  });
});

describe('messageOf', () => {
  it('is what anything thrown says for itself', () => {
    assert.equal(messageOf(new RangeError('too far')), 'too far');
    assert.equal(messageOf('text'), 'text');
    assert.equal(messageOf(null), 'null');
  });
});
