import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { checkout } from '../support/checkout.js';

function inLoop(habit: string): { readonly status: number | null; readonly lines: string[] } {
  const program = join(checkout, 'dist/test/ui/fixtures/loop-habits.cjs');
  const { status, stdout } = spawnSync(process.execPath, [program, habit], {
    encoding: 'utf8',
    timeout: 10_000,
  });
  return { status, lines: stdout.trim().split('\n') };
}

describe('GTK’s loop with Node’s inside it', () => {
  it('fires timers that were made before it, and leaves the global ones as they were', () => {
    assert.deepEqual(inLoop('timers'), {
      status: 0,
      lines: ['made before the loop', 'promisified'],
    });
  });

  it('draws however much Node has to do', () => {
    const { lines } = inLoop('frames');
    assert.ok(Number(lines[0]) >= 20, `${lines.join()} frames in a second`);
  });

  it('keeps nothing of the turns that it has made', () => {
    const { lines } = inLoop('turns');
    assert.ok(Number(lines[0]) < 2e6, `${lines.join()} bytes more`);
  });

  it('goes on when a server resets a connection', () => {
    assert.deepEqual(inLoop('reset'), { status: 0, lines: ['network-failed'] });
  });

  it('ends with the real reason when a promise is rejected and nobody waits for it', () => {
    assert.deepEqual(inLoop('rejection'), { status: 70, lines: ['nobody waits for this'] });
  });

  it('ends with the real reason when a timer throws', () => {
    assert.deepEqual(inLoop('exception'), { status: 70, lines: ['nobody catches this'] });
  });
});
