import assert from 'node:assert/strict';
import { fail } from '../../../src/core/errors/index.js';
import { MountLog } from '../../../src/core/vmnetfs/mount-log.js';
import type { PackageMountListener } from '../../../src/core/vmnetfs/package-mount.js';
import { LogFolder } from '../log/log-in-folder.js';

describe('the log of a mount', () => {
  it('tells of what the owner is told, once where that lasts, and of tries with a limit', async () => {
    await using folder = await LogFolder.make();
    const { log } = await folder.begin();
    const told: string[] = [];
    const tell = (what: string) => () => void told.push(what);
    const listener: PackageMountListener = {
      onFetchFailed: tell('failed'),
      onNetwork: tell('network'),
      onCaching: tell('caching'),
      onLogin: () => Promise.resolve(null),
      onUnmounted: tell('unmounted'),
    };
    const mountLog = new MountLog(log.of('vmnetfs'));
    const logged = mountLog.listen(listener);
    const error = fail('network-refused', { host: 'h' });
    for (let tries = 1; tries <= 1000; tries++) logged.onRetry?.(error, tries);
    for (let tries = 2; tries <= 4; tries++)
      logged.onNetwork({ away: true, since: 0, tries, error });
    logged.onNetwork({ away: false });
    logged.onCaching(fail('store-full', { megabytes: 1 }));
    logged.onCaching(null);
    logged.onFetchFailed(fail('package-damaged', { location: 'l' }));
    logged.onUnmounted();
    mountLog.end(null);
    mountLog.end(null);
    await log.close();

    assert.deepEqual(told, [
      ...Array<string>(4).fill('network'),
      'caching',
      'caching',
      'failed',
      'unmounted',
    ]);
    const lines = await folder.lines();
    assert.match(
      lines[0] ?? '',
      /^vmnetfs info A request is tried again tries=1 code=network-refused /,
    );
    assert.deepEqual(
      lines.slice(20).map((line) => line.replace(/^vmnetfs | message=.*/g, '')),
      [
        'warning The network is away code=network-refused',
        'info The network is back',
        'warning What is fetched is not kept code=store-full',
        'info What is fetched is kept again',
        'error Bytes that are wanted cannot be had code=package-damaged',
        'error The mount was removed from outside',
        'warning More of these were not written down count=980',
      ],
    );
  });
});
