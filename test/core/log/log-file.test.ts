import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { LogFile } from '../../../src/core/log/log-file.js';
import { LogFolder } from './log-in-folder.js';

const WRITER = fileURLToPath(new URL('./log-writer.js', import.meta.url));

describe('the file of a log', function () {
  this.timeout(20_000);
  let folder: LogFolder;

  beforeEach(async () => {
    folder = await LogFolder.make();
  });
  afterEach(() => folder[Symbol.asyncDispose]());

  it('ends with a word to say so when it has become too long', async () => {
    const path = join(folder.state, 'file');
    const open = () => openForAppending(path);
    const [first, second] = [new LogFile(await open(), 20_000), new LogFile(await open(), 20_000)];
    const line = Buffer.from(`${'a'.repeat(99)}\n`);
    for (let times = 0; times < 1000; times++) {
      first.append(line, () => Buffer.from('first is full\n'));
      second.append(line, () => Buffer.from('second is full\n'));
    }
    await Promise.all([first.close(), second.close()]);
    const text = await readFile(path, 'utf8');
    assert.ok(text.length <= 20_000);
    assert.ok(
      text.endsWith(`${'a'.repeat(99)}\nfirst is full\nsecond is full\n`),
      text.slice(-200),
    );
  });

  it('takes nothing after it was closed, and does not mind', async () => {
    const path = join(folder.state, 'file');
    const file = new LogFile(await openForAppending(path));
    await file.close();
    await file.close();
    file.append(Buffer.from('late\n'), () => Buffer.from('full\n'));
    assert.equal(await readFile(path, 'utf8'), '');
  });

  it('has whole lines of everybody, although its writers are killed', async () => {
    const { log } = await folder.begin();
    const writers = ['window', 'vmnetfs', 'qemu'].map((part) =>
      fork(WRITER, [JSON.stringify(log.place), part]),
    );
    await Promise.all(writers.map((writer) => once(writer, 'message')));
    await sleep(150);
    for (const writer of writers) {
      writer.kill('SIGKILL');
      await once(writer, 'exit');
    }
    await log.close();
    const lines = await folder.lines();
    const parts = new Set<string>();
    for (const line of lines) {
      const [, part = ''] = /^(\w+) info I write number=\d+ filler=x{1900}$/.exec(line) ?? [];
      assert.notEqual(part, '', line);
      parts.add(part);
    }
    assert.deepEqual([...parts].sort(), ['qemu', 'vmnetfs', 'window']);
    assert.ok(lines.length > 30, String(lines.length));
  });

  it('does not hurt who writes when there is no space', async () => {
    const file = new LogFile(await open('/dev/full', constants.O_WRONLY | constants.O_APPEND));
    file.append(Buffer.from('lost\n'), () => Buffer.from('full\n'));
    await file.close();
  });
});

function openForAppending(path: string) {
  return open(path, constants.O_RDWR | constants.O_CREAT | constants.O_APPEND, 0o600);
}
