import assert from 'node:assert/strict';
import { truncate, writeFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import {
  libvirtCode,
  openConnection,
  QemuMonitorError,
  type Connection,
  type Domain,
  type Screenshot,
} from '../../../src/core/libvirt/index.js';
import { firmwareMachine, rawDisk } from './firmware-machine.js';
import { PrivateLibvirt } from '../../support/private-libvirt.js';
import { until } from '../../support/wait.js';
import { RecordedEvents } from './recorded-events.js';

/** Counts colours of a screenshot; only the two forms that QEMU makes. */
function colours({ mimeType, data }: Screenshot): number {
  const seen = new Set<number>();
  if (mimeType === 'image/png') {
    const { data: pixels } = PNG.sync.read(data);
    for (let at = 0; at < pixels.length; at += 4) seen.add(pixels.readUIntBE(at, 3));
  } else {
    assert.equal(mimeType, 'image/x-portable-pixmap');
    const header = /^P6\s+\d+\s+\d+\s+255\s/.exec(data.subarray(0, 64).toString('latin1'));
    assert.ok(header);
    for (let at = header[0].length; at + 3 <= data.length; at += 3) {
      seen.add(data.readUIntBE(at, 3));
    }
  }
  return seen.size;
}

describe('a domain', function () {
  this.timeout(60_000);
  let libvirt: PrivateLibvirt;
  let connection: Connection;
  let disk: string;

  before(async () => {
    libvirt = await PrivateLibvirt.start();
    connection = await openConnection({ uri: libvirt.uri });
    disk = join(libvirt.folder, 'disk.raw');
    await writeFile(disk, '');
    await truncate(disk, 1 << 20);
  });

  after(async () => {
    await connection.close().finally(() => libvirt.stop());
  });

  async function create(name: string, paused = false): Promise<Domain> {
    const xml = firmwareMachine(name, rawDisk(disk));
    return connection.createDomain(xml, { paused, autodestroy: true, validate: true });
  }

  it('lives: it starts, shows its firmware, stops and goes on, is reset and destroyed', async () => {
    const recorded = new RecordedEvents(connection, 'vmnetx-life');
    const domain = await create('vmnetx-life');
    assert.equal(domain.name, 'vmnetx-life');
    await recorded.reach('started booted');
    assert.deepEqual(await domain.state(), { state: 'running', reason: 'booted' });

    const xml = await domain.xml();
    assert.match(xml, new RegExp(`<uuid>${domain.uuid}</uuid>`));
    assert.match(xml, /<alias name='ide0-0-0'\/>/);

    await until('the firmware writes on the screen', async () => {
      return colours(await domain.screenshot()) > 1;
    });

    await domain.suspend();
    assert.deepEqual(await domain.state(), { state: 'paused', reason: 'user' });
    await domain.resume();
    assert.deepEqual(await domain.state(), { state: 'running', reason: 'unpaused' });
    await domain.reset();
    await recorded.reach('reboot');
    await domain.shutdown();
    await domain.destroy();
    await recorded.reach('stopped destroyed');
    // Depending on where the reset met it, the firmware resets once more by itself.
    const { words } = recorded;
    assert.deepEqual(
      words.filter((word, at) => word !== 'reboot' || words[at - 1] !== word),
      [
        'resumed unpaused',
        'started booted',
        'suspended paused',
        'resumed unpaused',
        'reboot',
        'shutdown host',
        'stopped destroyed',
      ],
    );
    assert.deepEqual(
      recorded.events.map((event) => event.type !== 'closed' && event.domain.uuid),
      recorded.events.map(() => domain.uuid),
    );
    recorded.stop();
    await assert.rejects(domain.state(), { name: 'LibvirtError', code: libvirtCode.noDomain });
  });

  it('answers to its monitor', async () => {
    const domain = await create('vmnetx-monitor', true);
    try {
      const status = await domain.monitorCommand('query-status');
      assert.ok(typeof status === 'object' && status !== null && 'status' in status);
      assert.equal(status.status, 'prelaunch');
      const listed = await domain.monitorCommand('qom-list', { path: '/machine/peripheral' });
      assert.ok(Array.isArray(listed));
      await assert.rejects(domain.monitorCommand('nonsense'), (error) => {
        assert.ok(error instanceof QemuMonitorError);
        assert.equal(error.className, 'CommandNotFound');
        assert.equal(error.message, 'The command nonsense has not been found');
        return true;
      });
      await assert.rejects(domain.monitorCommand('qom-list'), { name: 'QemuMonitorError' });
    } finally {
      await domain.destroy();
    }
  });

  it('counts what the guest reads from its disk', async () => {
    const domain = await create('vmnetx-statistics', true);
    try {
      const none = {
        readRequests: 0,
        readBytes: 0,
        writeRequests: 0,
        writeBytes: 0,
        flushRequests: 0,
      };
      assert.deepEqual(await domain.blockStatistics('hda'), none);
      await domain.resume();
      await until('the firmware reads the first sector', async () => {
        return (await domain.blockStatistics('hda')).readRequests > 0;
      });
      assert.deepEqual(await domain.blockStatistics('hda'), {
        ...none,
        readRequests: 1,
        readBytes: 512,
      });
      await assert.rejects(domain.blockStatistics('hdz'), {
        name: 'LibvirtError',
        message: 'invalid argument: invalid path: hdz',
      });
    } finally {
      await domain.destroy();
    }
  });

  it('is saved to a file, which ends it', async () => {
    const recorded = new RecordedEvents(connection, 'vmnetx-save');
    const domain = await create('vmnetx-save');
    const path = join(libvirt.folder, 'vmnetx.save');
    await domain.save(path);
    await recorded.reach('stopped saved');
    assert.ok((await stat(path)).size > 100_000);
    await assert.rejects(domain.state(), { code: libvirtCode.noDomain });
    recorded.stop();
  });

  it('tells about a disk that cannot be read, and goes on once it can', async () => {
    const recorded = new RecordedEvents(connection, 'vmnetx-error');
    const domain = await create('vmnetx-error', true);
    try {
      // QEMU's own fault injector goes between the disk and its file.
      await domain.monitorCommand('blockdev-add', {
        driver: 'blkdebug',
        'node-name': 'broken',
        image: 'libvirt-1-storage',
        'inject-error': [{ event: 'read_aio', errno: 5 }],
      });
      const readThrough = (node: string): Promise<unknown> =>
        domain.monitorCommand('blockdev-reopen', {
          options: [{ driver: 'raw', 'node-name': 'libvirt-1-format', file: node }],
        });
      await readThrough('broken');
      await domain.resume();
      await recorded.reach('suspended io-error');
      assert.deepEqual(await domain.state(), { state: 'paused', reason: 'io-error' });
      assert.deepEqual(
        recorded.events.filter(({ type }) => type === 'io-error'),
        [
          {
            type: 'io-error',
            domain: { name: 'vmnetx-error', uuid: domain.uuid },
            path: disk,
            alias: 'ide0-0-0',
            action: 'paused',
            reason: '',
          },
        ],
      );
      await readThrough('libvirt-1-storage');
      await domain.resume();
      await until('the guest reads its disk', async () => {
        return (await domain.blockStatistics('hda')).readBytes > 0;
      });
      assert.deepEqual(await domain.state(), { state: 'running', reason: 'unpaused' });
    } finally {
      recorded.stop();
      await domain.destroy();
    }
  });

  it('tells that its QEMU was killed', async () => {
    const recorded = new RecordedEvents(connection, 'vmnetx-killed');
    const domain = await create('vmnetx-killed');
    process.kill(await libvirt.qemuPid('vmnetx-killed'), 'SIGKILL');
    await recorded.reach('stopped failed');
    recorded.stop();
    await assert.rejects(domain.state(), { code: libvirtCode.noDomain });
  });

  it('calls a listener no more once it has unsubscribed, and every other one all the same', async () => {
    const early = new RecordedEvents(connection, 'vmnetx-heard');
    const late = new RecordedEvents(connection, 'vmnetx-heard');
    const domain = await create('vmnetx-heard', true);
    await early.reach('suspended paused');
    early.stop();
    await domain.destroy();
    await late.reach('stopped destroyed');
    late.stop();
    assert.deepEqual(early.words, ['started booted', 'suspended paused']);
  });
});
