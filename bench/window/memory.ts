import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AnsweringVnc } from '../../test/support/answering-vnc.js';
import { until } from '../../test/support/wait.js';
import { ShownWindow } from '../../test/ui/support/shown-window.js';
import { OURS } from '../results.js';
import type { WindowBench } from './bench.js';

export const OF_UPDATES = 'memory that stays of 100,000 updates';
export const OF_CONNECTIONS = 'memory that stays of 100 connections';

const LOOK_MILLISECONDS = 100;
/** For all updates of a part, which are thousands a second. */
const LIMIT_MILLISECONDS = 600_000;
const MEBIBYTE = 2 ** 20;

/**
 * Measures what stays in memory of updates of the screen, and of connections to it, in the second half of
 * many beside the first. Of each half it is the least that counts: what is only yet to be collected does
 * not stay.
 */
export async function measureMemory({
  plan,
  results,
  scratch,
  signal,
}: WindowBench): Promise<void> {
  const displaySocket = join(scratch, 'screen');
  await using server = await AnsweringVnc.start(displaySocket);
  await using window = new ShownWindow();
  await window.asked('shown');
  window.feed({ phase: 'running', name: 'Memory', displaySocket, accelerator: 'kvm' });

  const leastDuring = async (part: Promise<void>): Promise<number> => {
    let [least, over] = [Infinity, false];
    const end = part.finally(() => (over = true));
    while (!over) {
      least = Math.min(least, await window.memory());
      await Promise.race([end, sleep(LOOK_MILLISECONDS, undefined, { signal })]);
    }
    return least;
  };
  const measure = async (
    metric: string,
    { warmUp, measured }: { readonly warmUp: number; readonly measured: number },
    per: number,
    pass: (count: number) => Promise<void>,
  ): Promise<void> => {
    await pass(warmUp);
    const before = await leastDuring(pass(measured / 2));
    const after = await leastDuring(pass(measured / 2));
    const staying = ((after - before) / MEBIBYTE / (measured / 2)) * per;
    const setting = `${measured.toLocaleString('en-GB')} of them`;
    results.add({ metric, setting, unit: 'MiB' }, OURS, staying);
  };
  await measure(OF_UPDATES, plan.updates, 100_000, async (count) => {
    const end = server.updates + count;
    await until('the updates are sent', () => server.updates >= end, LIMIT_MILLISECONDS);
  });
  await measure(OF_CONNECTIONS, plan.connections, 100, async (count) => {
    for (let done = 0; done < count; done++) await server.reconnect();
  });
}
