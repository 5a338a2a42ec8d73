import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { open, stat, writeFile, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import {
  libvirtCode,
  openConnection,
  type Connection,
  type Domain,
} from '../../../src/core/libvirt/index.js';
import { firmwareMachine } from './firmware-machine.js';
import { isAlive, PrivateLibvirt } from '../../support/private-libvirt.js';
import { until } from '../../support/wait.js';
import { RecordedEvents } from './recorded-events.js';

const SHORT_MILLISECONDS = 1000;
const FILLING_BYTES = 16 << 20;

/** Measures one call; it must not wait for one that blocks. */
async function short<Result>(what: string, call: Promise<Result>): Promise<Result> {
  const started = performance.now();
  const result = await call;
  const milliseconds = performance.now() - started;
  assert.ok(milliseconds < SHORT_MILLISECONDS, `${what} took ${milliseconds} ms`);
  return result;
}

/** Takes what lies in a pipe, without waiting; returns how many bytes. */
async function drain(pipe: FileHandle): Promise<number> {
  const piece = Buffer.alloc(1 << 20);
  let taken = 0;
  for (;;) {
    const { bytesRead } = await pipe.read(piece, 0, piece.length).catch(() => ({ bytesRead: 0 }));
    if (bytesRead === 0) return taken;
    taken += bytesRead;
  }
}

describe('long calls', function () {
  this.timeout(60_000);
  let libvirt: PrivateLibvirt;
  let connection: Connection;
  let other: Domain;

  before(async () => {
    libvirt = await PrivateLibvirt.start();
    connection = await openConnection({ uri: libvirt.uri });
    const options = { paused: true, autodestroy: true };
    other = await connection.createDomain(firmwareMachine('vmnetx-other'), options);
  });

  after(async () => {
    await connection.close().finally(() => libvirt.stop());
  });

  async function assertShortCallsPass(domain: Domain): Promise<void> {
    await short('the state of another domain', other.state());
    await short('the monitor of another domain', other.monitorCommand('query-status'));
    await short('a screenshot of another domain', other.screenshot());
    await short('the list', connection.listDomains());
    await short('the state of the domain itself', domain.state());
  }

  /** A machine whose memory holds more random bytes than all pipes on the way of a save. */
  async function createFilled(name: string): Promise<Domain> {
    const filling = join(libvirt.folder, 'filling');
    await writeFile(filling, randomBytes(FILLING_BYTES));
    const xml = firmwareMachine(name)
      .replace('<domain', `<domain xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'`)
      .replace(
        '</domain>',
        `<qemu:commandline>
           <qemu:arg value='-device'/>
           <qemu:arg value='loader,file=${filling},addr=0x200000,force-raw=on'/>
         </qemu:commandline></domain>`,
      );
    return connection.createDomain(xml, { autodestroy: true });
  }

  it('do not hold up short ones, and a save can be given up', async () => {
    const domain = await createFilled('vmnetx-filled');
    const path = join(libvirt.folder, 'fifo');
    await promisify(execFile)('mkfifo', [path]);
    const pipe = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const reason = new Error('no longer wanted');
      const controller = new AbortController();
      let saving = true;
      const save = domain.save(path, { signal: controller.signal }).finally(() => {
        saving = false;
      });
      const refused = assert.rejects(save, reason);
      await until('the save is under way', async () => {
        return (await domain.state()).reason === 'save';
      });
      await delay(300);
      await assertShortCallsPass(domain);
      assert.ok(saving);

      controller.abort(reason);
      let written = 0;
      await until('the save has ended', async () => {
        written += await drain(pipe);
        return !saving;
      });
      await refused;
      assert.ok(written > 0 && written < FILLING_BYTES / 2, `${written} bytes were written`);
      assert.deepEqual(await domain.state(), { state: 'running', reason: 'save-cancelled' });

      const file = join(libvirt.folder, 'file');
      await domain.save(file);
      assert.ok((await stat(file)).size > FILLING_BYTES);
    } finally {
      await pipe.close();
    }
  });

  it('let a destroy through, which ends them', async () => {
    const recorded = new RecordedEvents(connection, 'vmnetx-frozen');
    const domain = await connection.createDomain(firmwareMachine('vmnetx-frozen'), {
      autodestroy: true,
    });
    const qemu = await libvirt.qemuPid('vmnetx-frozen');
    process.kill(qemu, 'SIGSTOP');
    const suspended = assert.rejects(domain.suspend(), { name: 'LibvirtError' });
    await delay(300);
    await assertShortCallsPass(domain);
    await domain.destroy();
    await suspended;
    await recorded.reach('stopped destroyed');
    recorded.stop();
    assert.equal(isAlive(qemu), false);
  });

  it('are left behind by a close after a while', async () => {
    const own = await openConnection({ uri: libvirt.uri });
    const domain = await own.createDomain(firmwareMachine('vmnetx-left'));
    const qemu = await libvirt.qemuPid('vmnetx-left');
    process.kill(qemu, 'SIGSTOP');
    const suspended = assert.rejects(domain.suspend(), { name: 'LibvirtError' });
    await delay(300);
    const started = performance.now();
    assert.ok((await own.close()) > 0);
    assert.ok(performance.now() - started < 4000);
    await assert.rejects(domain.destroy(), { code: libvirtCode.invalidConnection });
    process.kill(qemu, 'SIGKILL');
    await suspended;
  });

  it('do not stall JavaScript', async () => {
    let last = performance.now();
    let longest = 0;
    const ticking = setInterval(() => {
      const now = performance.now();
      longest = Math.max(longest, now - last);
      last = now;
    }, 5);
    try {
      const domain = await connection.createDomain(firmwareMachine('vmnetx-smooth'));
      for (let round = 0; round < 20; round += 1) await domain.screenshot();
      await domain.suspend();
      await domain.resume();
      await domain.save(join(libvirt.folder, 'smooth'));
      await Promise.all(Array.from({ length: 50 }, () => connection.capabilities()));
    } finally {
      clearInterval(ticking);
    }
    // On an idle machine it is some 10 ms; this one may be shared.
    assert.ok(longest < 200, `JavaScript stood still for ${longest} ms`);
  });
});
