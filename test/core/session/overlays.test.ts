import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Desktop } from '../../e2e/support/desktop.js';
import { SessionProcess } from './support/session-process.js';
import { StagedMachine } from './support/staged-machine.js';

describe('two sessions of one package', function () {
  this.timeout(90_000);
  let desktop: Desktop;
  let machine: StagedMachine;

  before(async () => {
    desktop = await Desktop.prepare();
    machine = await StagedMachine.prepare(desktop.folder);
  });

  after(async () => {
    await machine[Symbol.asyncDispose]();
    await desktop[Symbol.asyncDispose]();
  });

  async function domains(): Promise<readonly string[]> {
    return (await desktop.virsh('list', '--name')).split('\n').filter((name) => name !== '');
  }

  /** Has QEMU write to a machine's disk, as the guest would. */
  async function write(domain: string, pattern: number): Promise<void> {
    const write = `qemu-io -d ide0-0-0 "write -P ${pattern} 512k 4k"`;
    await desktop.virsh('qemu-monitor-command', domain, '--hmp', write);
    await desktop.virsh('qemu-monitor-command', domain, '--hmp', 'qemu-io -d ide0-0-0 flush');
  }

  /** The patterns that a machine's image has. */
  async function patterns(domain: string): Promise<readonly number[]> {
    const folder = join(desktop.folder, 'run/vmnetx', domain.replace('vmnetx-', ''));
    const image = await readFile(join(folder, 'mount/disk'));
    return [1, 2].filter((pattern) => image.includes(Buffer.alloc(4096, pattern)));
  }

  it('each have what their own guest wrote, and a restart has nothing of it', async () => {
    await using first = new SessionProcess(desktop.environment);
    await using second = new SessionProcess(desktop.environment);
    const url = machine.newUrl();
    first.open(url);
    await first.reach('running');
    const [one = ''] = await domains();
    second.open(url);
    await second.reach('running');
    const two = (await domains()).find((name) => name !== one) ?? '';

    assert.deepEqual(await patterns(one), []);
    await write(one, 1);
    await write(two, 2);
    assert.deepEqual([await patterns(one), await patterns(two)], [[1], [2]]);

    await first.ask('restart');
    await first.rest('running');
    const again = (await domains()).find((name) => name !== two) ?? '';
    assert.deepEqual([await patterns(again), await patterns(two)], [[], [2]]);
    await first.ask('close');
    assert.deepEqual([await domains(), second.place], [[two], 'running']);
    await second.ask('close');
  });
});
