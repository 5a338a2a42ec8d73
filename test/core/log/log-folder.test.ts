import assert from 'node:assert/strict';
import { chmod, mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { attachLog, Log } from '../../../src/core/log/index.js';
import { LogFolder } from './log-in-folder.js';

const old = (number: number): string =>
  `200101${String(number).padStart(2, '0')}T000000.000Z-0000000a.log`;

describe('the logs of sessions', () => {
  let folder: LogFolder;
  const logs: Log[] = [];

  beforeEach(async () => {
    folder = await LogFolder.make();
  });

  afterEach(async () => {
    for (const log of logs.splice(0)) await log.close();
    await folder[Symbol.asyncDispose]();
  });

  async function begin(environment?: Readonly<Record<string, string>>): Promise<Log> {
    const { log, problem } = await folder.begin(environment);
    assert.equal(problem, null);
    logs.push(log);
    return log;
  }

  it('are files of their own, for their owner alone', async () => {
    const [first, second] = [await begin(), await begin()];
    first.info('first');
    second.info('second');
    assert.equal((await folder.names()).length, 2);
    assert.deepEqual(await folder.lines(first.place?.name), ['window info first']);
    assert.deepEqual(await folder.lines(second.place?.name), ['window info second']);
    assert.equal((await stat(folder.path)).mode & 0o777, 0o700);
    for (const name of await folder.names()) {
      assert.equal((await stat(join(folder.path, name))).mode & 0o777, 0o600);
    }
  });

  it('come after all others, also where the clock was put back', async () => {
    const ahead = '29990101T000000.000Z-0000000a.log';
    await mkdir(folder.path, { recursive: true, mode: 0o700 });
    await writeFile(join(folder.path, ahead), '', { mode: 0o600 });
    const log = await begin();
    assert.deepEqual(await folder.names(), [ahead, log.place?.name]);
    assert.match(log.place?.name ?? '', /^29990101T000000\.001Z-/);
  });

  it('are written by several parts and processes', async () => {
    const log = await begin();
    const other = await attachLog(log.place, 'vmnetfs');
    logs.push(other);
    log.info('first');
    other.info('second');
    log.of('libvirt').error('third', { code: 38 });
    assert.deepEqual(await folder.lines(), [
      'window info first',
      'vmnetfs info second',
      'libvirt error third code=38',
    ]);
  });

  it('have what is as grave as VMNETX_LOG_LEVEL says, which the other processes follow', async () => {
    for (const [level, written] of [
      ['error', ['error']],
      ['warning', ['error', 'warning']],
      ['', ['error', 'warning', 'info']],
      ['nonsense', ['error', 'warning', 'info']],
      ['debug', ['error', 'warning', 'info', 'debug']],
    ] as const) {
      const log = await begin({ VMNETX_LOG_LEVEL: level });
      const other = await attachLog(log.place, 'vmnetfs');
      for (const one of [log, other]) {
        one.error('');
        one.warning('');
        one.info('');
        one.debug('');
      }
      await other.close();
      const words = (await folder.lines(log.place?.name)).map((line) => line.trim());
      const expected = ['window', 'vmnetfs'].flatMap((part) => written.map((word) => `${part} ${word}`)); // prettier-ignore
      assert.deepEqual(words, expected, level);
    }
  });

  it('are kept of the newest 20 sessions, and of all that live', async () => {
    await mkdir(folder.path, { recursive: true });
    for (let number = 1; number <= 30; number++)
      await writeFile(join(folder.path, old(number)), '');
    await writeFile(join(folder.path, 'letter.txt'), 'not a log');
    await symlink(folder.state, join(folder.path, old(0)));
    const live = await attachLog(
      { directory: folder.path, name: old(2), level: 'info' },
      'vmnetfs',
    );
    const log = await begin();
    const kept = Array.from({ length: 19 }, (_, index) => old(12 + index));
    assert.deepEqual(await folder.names(), [old(2), ...kept, log.place?.name, 'letter.txt']);
    await live.close();
    const next = await begin();
    assert.deepEqual(await folder.names(), [
      ...[...kept.slice(1), log.place?.name, next.place?.name],
      'letter.txt',
    ]);
  });

  it('are given up where somebody put something else in their place, with a reason', async () => {
    const elsewhere = join(folder.state, 'elsewhere');
    await mkdir(elsewhere);
    await mkdir(join(folder.state, 'vmnetx'));
    await symlink(elsewhere, folder.path);
    const { log, problem } = await folder.begin();
    log.error('lost');
    assert.equal(problem?.code, 'host-log-unusable');
    assert.match(problem.detail ?? '', /store-unsafe/);
    assert.deepEqual(await stat(elsewhere).then(({ size }) => size > 0), true);
    assert.equal(log.place, null);
  });

  it('are given up where others may write', async () => {
    await mkdir(folder.path, { recursive: true });
    await chmod(folder.path, 0o777);
    assert.equal((await folder.begin()).problem?.code, 'host-log-unusable');
  });

  it('are not gone on with by a link in their place', async () => {
    const target = join(folder.state, 'target');
    await writeFile(target, 'precious');
    await mkdir(folder.path, { recursive: true });
    await symlink(target, join(folder.path, old(1)));
    const log = await attachLog({ directory: folder.path, name: old(1), level: 'info' }, 'vmnetfs');
    log.error('lost');
    assert.equal(await readFile(target, 'utf8'), 'precious');
  });

  it('may be missing for whoever goes on', async () => {
    for (const place of [null, { directory: folder.path, name: old(1), level: 'info' as const }]) {
      const log = await attachLog(place, 'vmnetfs');
      log.error('lost');
      await log.close();
    }
  });
});
