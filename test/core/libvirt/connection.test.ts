import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { VmnetxError } from '../../../src/core/errors/index.js';
import {
  libvirtCode,
  LibvirtError,
  openConnection,
  type Connection,
} from '../../../src/core/libvirt/index.js';
import { runScript } from './child-script.js';
import { firmwareMachine } from './firmware-machine.js';
import { PrivateLibvirt } from '../../support/private-libvirt.js';
import { output } from '../../support/programs.js';
import { until } from '../../support/wait.js';

describe('a connection to libvirt', function () {
  this.timeout(60_000);
  let libvirt: PrivateLibvirt;
  let connection: Connection;

  before(async () => {
    libvirt = await PrivateLibvirt.start();
    connection = await openConnection({ uri: libvirt.uri });
  });

  after(async () => {
    await connection.close().finally(() => libvirt.stop());
  });

  it('is to the session of the user, whatever LIBVIRT_DEFAULT_URI says', async () => {
    const script = `
      const connection = await openConnection();
      const domains = await connection.listDomains();
      console.log(domains.map(({ name }) => name).join() || 'none');
      await connection.close();`;
    const environment = { ...libvirt.environment, LIBVIRT_DEFAULT_URI: 'test:///default' };
    assert.deepEqual(await runScript(script, environment), {
      status: 0,
      signal: null,
      stdout: 'none\n', // libvirt's test driver has a domain called “test”
      stderr: '',
    });
  });

  it('starts the session daemon when there is none', async () => {
    const fresh = await PrivateLibvirt.prepare();
    try {
      const script = `
        const connection = await openConnection();
        console.log((await connection.capabilities()).includes('<guest>'));
        await connection.close();`;
      const { status, stdout, stderr } = await runScript(script, fresh.environment);
      assert.deepEqual({ status, stdout, stderr }, { status: 0, stdout: 'true\n', stderr: '' });
      assert.ok((await fresh.daemonPid()) > 0);
    } finally {
      await fresh.stop();
    }
  });

  it('fails with host-no-libvirt and the words of libvirt when nobody answers', async () => {
    const socket = join(libvirt.folder, 'nobody');
    await assert.rejects(
      openConnection({ uri: `qemu+unix:///session?socket=${socket}` }),
      (error) => {
        assert.ok(error instanceof VmnetxError);
        assert.equal(error.code, 'host-no-libvirt');
        assert.equal(error.status, 69);
        assert.match(error.hint ?? '', /libvirt-daemon/);
        assert.equal(
          error.detail,
          `Failed to connect socket to '${socket}': No such file or directory`,
        );
        assert.ok(error.cause instanceof LibvirtError);
        return true;
      },
    );
  });

  it('is not waited for when the signal is aborted', async () => {
    const socket = join(libvirt.folder, 'silent');
    const peers: Socket[] = [];
    const silent = createServer((peer) => peers.push(peer)).listen(socket);
    await once(silent, 'listening');
    try {
      const reason = new Error('no longer wanted');
      const controller = new AbortController();
      const opening = openConnection({
        uri: `qemu+unix:///session?socket=${socket}`,
        signal: controller.signal,
      });
      await until('libvirt connects', () => peers.length > 0);
      controller.abort(reason);
      await assert.rejects(opening, reason);
      await assert.rejects(openConnection({ signal: AbortSignal.abort(reason) }), reason);
    } finally {
      for (const peer of peers) peer.destroy();
      await closed(silent);
    }
  });

  it('tells what is wrong with XML that is not well-formed', async () => {
    await assert.rejects(connection.createDomain('<domain'), (error) => {
      assert.ok(error instanceof LibvirtError);
      assert.equal(error.code, libvirtCode.xmlDetail);
      assert.equal(error.domain, 20); // VIR_FROM_DOMAIN
      assert.equal(
        error.message,
        "(domain_definition):1: Couldn't find end of Start Tag domain line 1\n<domain\n-------^",
      );
      return true;
    });
  });

  it('checks XML against the schema when told to', async () => {
    const strange = firmwareMachine('vmnetx-strange').replace('<devices>', '<strange/><devices>');
    await assert.rejects(connection.createDomain(strange, { validate: true, paused: true }), {
      name: 'LibvirtError',
      code: libvirtCode.xmlInvalidSchema,
    });
  });

  it('says that there is no such domain', async () => {
    await assert.rejects(connection.lookupDomain('nobody'), {
      name: 'LibvirtError',
      code: libvirtCode.noDomain,
      domain: 10, // VIR_FROM_QEMU
      message: "Domain not found: no domain with matching name 'nobody'",
    });
  });

  it('keeps errors of calls apart that run at the same time', async () => {
    const names = Array.from({ length: 40 }, (_, index) => `nobody-${index}`);
    const outcomes = await Promise.allSettled(names.map((name) => connection.lookupDomain(name)));
    const messages = outcomes.map((outcome) =>
      outcome.status === 'rejected' && outcome.reason instanceof Error
        ? outcome.reason.message
        : outcome.status,
    );
    assert.deepEqual(
      messages,
      names.map((name) => `Domain not found: no domain with matching name '${name}'`),
    );
  });

  it('refuses a text with a NUL, which libvirt would read only up to there', async () => {
    await assert.rejects(connection.lookupDomain('a\0b'), TypeError);
  });

  it('lists the domains whose names begin with a prefix', async () => {
    const options = { paused: true, autodestroy: true };
    const ours = await connection.createDomain(firmwareMachine('vmnetx-1'), options);
    const other = await connection.createDomain(firmwareMachine('other'), options);
    try {
      const all = await connection.listDomains();
      assert.deepEqual(all.map(({ name }) => name).sort(), ['other', 'vmnetx-1']);
      const some = await connection.listDomains({ prefix: 'vmnetx-' });
      assert.deepEqual(
        some.map(({ name, uuid }) => ({ name, uuid })),
        [{ name: 'vmnetx-1', uuid: ours.uuid }],
      );
      assert.equal((await connection.lookupDomain('other')).uuid, other.uuid);
    } finally {
      await Promise.all([ours.destroy(), other.destroy()]);
    }
  });

  it('ends a domain that was made with autodestroy', async () => {
    const second = await openConnection({ uri: libvirt.uri });
    await second.createDomain(firmwareMachine('vmnetx-auto'), { paused: true, autodestroy: true });
    const ended = new Promise<void>((resolve) => {
      const stop = connection.onEvent((event) => {
        if (event.type !== 'lifecycle' || event.event !== 'stopped') return;
        stop();
        resolve();
      });
    });
    assert.equal(await second.close(), 0);
    await ended;
    assert.deepEqual(await connection.listDomains(), []);
  });

  it('tells its version', async () => {
    const [told] = /\d+\.\d+\.\d+/.exec(await output('libvirtd', '--version')) ?? [];
    assert.equal(await connection.version(), told);
  });

  it('describes the host and an emulator', async () => {
    assert.match(await connection.capabilities(), /<arch name='x86_64'>/);
    const description = await connection.domainCapabilities({
      arch: 'x86_64',
      machine: 'pc',
      virtType: 'qemu',
    });
    assert.match(description, /<domain>qemu<\/domain>/);
    await assert.rejects(connection.domainCapabilities({ arch: 'nonsense' }), {
      name: 'LibvirtError',
      domain: 10,
    });
  });

  it('compares a CPU with what an emulator offers', async () => {
    const emulation = { arch: 'x86_64', virtType: 'qemu' } as const;
    const cpu = (extra: string): string => `<cpu><model>qemu64</model>${extra}</cpu>`;
    assert.equal(await connection.compareCpu(cpu(''), emulation), 'superset');
    const impossible = `<feature policy='require' name='avx512f'/>`;
    assert.equal(await connection.compareCpu(cpu(impossible), emulation), 'incompatible');
    await assert.rejects(connection.compareCpu('<cpu><model>nonsense</model></cpu>', emulation), {
      name: 'LibvirtError',
      message: 'internal error: Unknown CPU model nonsense',
    });
  });

  it('refuses every call once it is closed, and may be closed twice', async () => {
    const options = { paused: true, autodestroy: true };
    const own = await openConnection({ uri: libvirt.uri });
    const domain = await own.createDomain(firmwareMachine('vmnetx-closed'), options);
    assert.equal(await own.close(), 0);
    assert.equal(await own.close(), 0);
    const gone = {
      name: 'LibvirtError',
      code: libvirtCode.invalidConnection,
      message: 'the connection to libvirt has been closed',
    };
    await assert.rejects(own.listDomains(), gone);
    await assert.rejects(domain.state(), gone);
    await assert.rejects(domain.screenshot(), gone);
  });
});

async function closed(server: Server): Promise<void> {
  server.close();
  await once(server, 'close');
}
