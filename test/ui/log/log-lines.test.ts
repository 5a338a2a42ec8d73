import assert from 'node:assert/strict';
import { LogLines } from '../../../src/ui/log/log-lines.js';

const INFO = 'TIME window info It begins';
const WARNING = 'TIME vmnetfs warning It is slow';
const ERROR = 'TIME qemu error It CRASHED';

function lines(...all: readonly string[]): string {
  return all.map((line) => `${line}\n`).join('');
}

describe('the lines of a log', () => {
  it('are shown as they come', () => {
    const log = new LogLines();
    assert.deepEqual(log.add(lines(INFO, ERROR)), { dropped: 0, appended: [INFO, ERROR] });
    assert.deepEqual(log.add(lines(WARNING)), { dropped: 0, appended: [WARNING] });
    assert.deepEqual(log.shown, [INFO, ERROR, WARNING]);
  });

  it('are shown as far as they are grave enough, and have the words in them', () => {
    const log = new LogLines();
    log.add(lines(INFO, WARNING, ERROR, 'no entry'));
    log.setFilter({ text: '', least: 'warning' });
    assert.deepEqual(log.shown, [WARNING, ERROR, 'no entry']);
    log.setFilter({ text: 'CraSHed', least: 'debug' });
    assert.deepEqual(log.shown, [ERROR]);
    assert.deepEqual(log.add(lines(INFO)), { dropped: 0, appended: [] });
  });

  it('go when there are too many, the first ones first', () => {
    const log = new LogLines();
    const many = Array.from({ length: 3999 }, (_, n) => `TIME window info ${n}`);
    log.add(lines(ERROR, ...many));
    assert.equal(log.shown.length, 4000);
    assert.deepEqual(log.add(lines(INFO, WARNING)), { dropped: 2, appended: [INFO, WARNING] });
    assert.deepEqual([log.shown.length, log.shown[0]], [4000, 'TIME window info 1']);
    log.setFilter({ text: '', least: 'error' });
    assert.deepEqual(log.add(lines(INFO)), { dropped: 0, appended: [] });
    assert.deepEqual(log.add(lines(...many, ...many, ERROR)).appended, [ERROR]);
  });
});
