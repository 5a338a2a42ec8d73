import assert from 'node:assert/strict';
import { fail } from '../../../src/core/errors/index.js';
import { CrashHistory } from '../../../src/core/session/crash-history.js';

const MINUTE = 60_000;

describe('the crashes of a machine', () => {
  let now = 0;
  let history: CrashHistory;
  const crash = fail('host-machine-stopped', {}, { detail: 'signal 11' });

  beforeEach(() => {
    now = 0;
    history = new CrashHistory(() => now);
  });

  it('may be tried again after the first and the second', () => {
    assert.equal(history.judge(crash), crash);
    assert.equal(history.judge(crash), crash);
    assert.equal(crash.retryable, true);
  });

  it('are no accident any more at the third within a few minutes', () => {
    history.judge(crash);
    now += 2 * MINUTE;
    history.judge(crash);
    now += 2 * MINUTE;
    const error = history.judge(crash);
    assert.equal(error.code, 'host-machine-keeps-stopping');
    assert.match(error.message, /3 times/);
    assert.equal(error.detail, 'signal 11');
    assert.equal(error.retryable, false);
  });

  it('are forgotten after a while', () => {
    history.judge(crash);
    now += 3 * MINUTE;
    history.judge(crash);
    now += 3 * MINUTE;
    assert.equal(history.judge(crash), crash);
  });

  it('are not the failures of anything else', () => {
    const other = fail('host-pages-lost', {});
    for (let times = 0; times < 5; times++) assert.equal(history.judge(other), other);
  });
});
