import assert from 'node:assert/strict';
import { SparingLog } from '../../../src/core/log/index.js';
import { until } from '../../support/wait.js';
import { LogFolder } from './log-in-folder.js';

describe('a sparing log', () => {
  it('writes so many entries in a minute, and how many there were more', async () => {
    await using folder = await LogFolder.make();
    const { log } = await folder.begin();
    const sparing = new SparingLog(log, 2, 50);
    for (let number = 1; number <= 5; number++) sparing.write('info', 'tried', { number });
    await until('the minute is over', async () => (await folder.lines()).length === 3);
    sparing.write('info', 'tried', { number: 6 });
    sparing.flush();
    sparing.flush();
    await log.close();
    assert.deepEqual(await folder.lines(), [
      'window info tried number=1',
      'window info tried number=2',
      'window warning More of these were not written down count=3',
      'window info tried number=6',
    ]);
  });
});
