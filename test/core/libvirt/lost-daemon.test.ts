import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { libvirtCode, LibvirtError, openConnection } from '../../../src/core/libvirt/index.js';
import { runScript } from './child-script.js';
import { firmwareMachine } from './firmware-machine.js';
import { PrivateLibvirt } from '../../support/private-libvirt.js';
import { RecordedEvents } from './recorded-events.js';

describe('a daemon of libvirt that dies', function () {
  this.timeout(60_000);
  let libvirt: PrivateLibvirt;

  beforeEach(async () => {
    libvirt = await PrivateLibvirt.start();
  });

  afterEach(async () => {
    await libvirt.stop();
  });

  it('ends the connection: an event, an error for each call, and nothing left at close', async () => {
    const connection = await openConnection({ uri: libvirt.uri });
    const recorded = new RecordedEvents(connection);
    const domain = await connection.createDomain(firmwareMachine('vmnetx-orphan'));
    process.kill(await libvirt.qemuPid('vmnetx-orphan'), 'SIGSTOP');
    const underWay = domain.suspend().catch((error: unknown) => error);
    await delay(300);

    process.kill(await libvirt.daemonPid(), 'SIGKILL');
    await recorded.reach('closed');
    assert.deepEqual(recorded.events.at(-1), { type: 'closed', reason: 'end-of-file' });
    const failure = await underWay;
    assert.ok(failure instanceof LibvirtError);
    assert.equal(failure.domain, 7); // VIR_FROM_RPC

    const lost = {
      name: 'LibvirtError',
      code: libvirtCode.invalidConnection,
      message: 'the connection to libvirt was lost (its daemon ended)',
    };
    await assert.rejects(domain.state(), lost);
    await assert.rejects(domain.screenshot(), lost);
    await assert.rejects(connection.listDomains(), lost);
    assert.equal(await connection.close(), 0);
    assert.deepEqual(
      recorded.words.filter((word) => word === 'closed'),
      ['closed'],
    );
  });

  it('is replaced by another for a new connection, in silence', async () => {
    const script = `
      const connection = await openConnection();
      const closed = new Promise((resolve) => connection.onEvent(resolve));
      process.kill(${await libvirt.daemonPid()}, 'SIGKILL');
      console.log((await closed).type);
      console.log(await connection.close());
      const next = await openConnection();
      console.log((await next.listDomains()).length, await next.close());`;
    assert.deepEqual(await runScript(script, libvirt.environment), {
      status: 0,
      signal: null,
      stdout: 'closed\n0\n0 0\n',
      stderr: '',
    });
  });
});
