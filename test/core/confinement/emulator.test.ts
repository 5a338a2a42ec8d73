import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { confinedEmulator } from '../../../src/core/confinement/index.js';
import { checkout } from '../../support/checkout.js';
import { QemuMonitor } from '../../support/qemu-monitor.js';

const execute = promisify(execFile);
const QEMU = '/usr/bin/qemu-system-x86_64';

describe('confinedEmulator', function () {
  this.timeout(20_000);

  /** Runtime folder, with the session and its neighbours in it. */
  let runtime: string;
  let session: string;
  let home: string;

  beforeEach(async () => {
    runtime = await mkdtemp(join(tmpdir(), 'confined-'));
    session = join(runtime, '0123abcd');
    await mkdir(join(session, 'mount'), { recursive: true, mode: 0o700 });
    await writeFile(join(session, 'mount/disk'), Buffer.alloc(4096));
    home = await mkdtemp(join(homedir(), '.confined-'));
    await writeFile(join(home, 'secret'), Buffer.alloc(4096));
  });

  afterEach(async () => {
    await rm(runtime, { recursive: true });
    await rm(home, { recursive: true });
  });

  async function confined(network: 'full' | 'restricted' = 'restricted'): Promise<QemuMonitor> {
    const { path, variables } = await confinedEmulator(session, network);
    return QemuMonitor.start(path, { ...process.env, ...variables });
  }

  function unconfined(): Promise<QemuMonitor> {
    return QemuMonitor.start(QEMU, process.env);
  }

  function openFile(monitor: QemuMonitor, filename: string, readonly = true) {
    return monitor.ask('blockdev-add', {
      driver: 'file',
      'node-name': 'planted',
      filename,
      'read-only': readonly,
    });
  }

  /** A chardev that listens, or connects. */
  function openSocket(monitor: QemuMonitor, server: boolean, address: Address) {
    const socket = { addr: address, server, ...(server ? { wait: false } : {}) };
    return monitor.ask('chardev-add', {
      id: 'planted',
      backend: { type: 'socket', data: socket },
    });
  }

  it('runs with the confinement of a kernel that has it', async () => {
    const { path } = await confinedEmulator(session, 'full');
    assert.match((await execute(path, ['--check'])).stdout, /^[1-9]\d*\n$/);
  });

  it('lets QEMU open the images of its session, for writing too', async () => {
    await using monitor = await confined();
    assert.equal(await openFile(monitor, join(session, 'mount/disk'), false), null);
  });

  it('keeps QEMU from a file in the user’s home, which it could open without', async () => {
    const secret = join(home, 'secret');
    {
      await using monitor = await unconfined();
      assert.equal(await openFile(monitor, secret), null);
    }
    for (const network of ['full', 'restricted'] as const) {
      await using monitor = await confined(network);
      assert.match((await openFile(monitor, secret)) ?? '', /Permission denied/);
    }
  });

  it('keeps QEMU from a file that a link among the images leads to', async () => {
    await symlink(join(home, 'secret'), join(session, 'mount/link'));
    await using monitor = await confined();
    assert.match((await openFile(monitor, join(session, 'mount/link'))) ?? '', /Permission denied/);
  });

  it('keeps QEMU from the images of other sessions, and from temporary files', async () => {
    await mkdir(join(runtime, 'ffffffff/mount'), { recursive: true });
    await writeFile(join(runtime, 'ffffffff/mount/disk'), Buffer.alloc(4096));
    await using monitor = await confined();
    for (const path of ['ffffffff/mount/disk', 'made-by-qemu']) {
      assert.match(
        (await monitor.ask('chardev-add', toFile(join(runtime, path)))) ?? '',
        /Permission denied/,
      );
    }
  });

  it('keeps QEMU from making files, in the session too', async () => {
    const path = join(session, 'made-by-qemu');
    {
      await using monitor = await confined();
      assert.match((await monitor.ask('chardev-add', toFile(path))) ?? '', /Permission denied/);
    }
    await using monitor = await unconfined();
    assert.equal(await monitor.ask('chardev-add', toFile(path)), null);
  });

  it('lets QEMU offer sockets in the session’s folder, but nowhere else and never by TCP', async () => {
    const local = { type: 'unix', data: { path: join(session, 'display') } } as const;
    const elsewhere = { type: 'unix', data: { path: join(runtime, 'display') } } as const;
    const tcp = { type: 'inet', data: { host: '127.0.0.1', port: '0' } } as const;
    for (const network of ['full', 'restricted'] as const) {
      await using monitor = await confined(network);
      assert.match((await openSocket(monitor, true, elsewhere)) ?? '', /Permission denied/);
      assert.notEqual(await openSocket(monitor, true, tcp), null);
      assert.equal(await openSocket(monitor, true, local), null);
    }
    await using monitor = await unconfined();
    assert.equal(await openSocket(monitor, true, tcp), null);
  });

  describe('with services of the user’s', () => {
    let local: Server;
    let tcp: Server;
    let localAddress: Address;
    let tcpAddress: Address;

    beforeEach(async () => {
      const path = join(runtime, 'bus');
      local = createServer().listen(path);
      tcp = createServer().listen(0, '127.0.0.1');
      await Promise.all([once(local, 'listening'), once(tcp, 'listening')]);
      const address = tcp.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      localAddress = { type: 'unix', data: { path } };
      tcpAddress = { type: 'inet', data: { host: '127.0.0.1', port: String(port) } };
    });

    afterEach(() => {
      local.close();
      tcp.close();
    });

    it('keeps QEMU from all of them when there is no network', async () => {
      await using monitor = await confined('restricted');
      assert.match(
        (await openSocket(monitor, false, localAddress)) ?? '',
        /Operation not permitted|Permission denied/,
      );
      assert.match(
        (await openSocket(monitor, false, tcpAddress)) ?? '',
        /Operation not permitted|Permission denied/,
      );
    });

    it('lets QEMU connect by TCP when there is a network', async () => {
      await using monitor = await confined('full');
      assert.equal(await openSocket(monitor, false, tcpAddress), null);
    });
  });

  it('leaves QEMU without privileges to gain, and with the filter for system calls', async () => {
    await using monitor = await confined();
    const status = await readFile(`/proc/${monitor.pid}/status`, 'utf8');
    assert.match(status, /^NoNewPrivs:\t1$/m);
    assert.match(status, /^Seccomp_filters:\t1$/m);
  });

  describe('whose QEMU was taken over', () => {
    const EPERM = 1;
    const EACCES = 13;
    /** What it tries to do to the file in the user’s home, and otherwise: 0, or the errno. */
    async function tried(
      network: 'full' | 'restricted',
    ): Promise<Readonly<Record<string, number>>> {
      const library = join(session, 'mount/taken-over.so');
      const source = join(checkout, 'test/support/taken-over.c');
      await execute('cc', ['-shared', '-fPIC', '-o', library, source]);
      const { path, variables } = await confinedEmulator(session, network);
      const { stderr } = await execute(path, ['-version'], {
        env: {
          ...process.env,
          ...variables,
          LD_PRELOAD: library,
          TAKEN_OVER_FILE: join(home, 'secret'),
        },
      });
      const lines = stderr.trim().split('\n');
      return Object.fromEntries(
        lines.map((line) => {
          const [what = '', outcome] = line.split(': ');
          return [what, Number(outcome)];
        }),
      );
    }

    const FORBIDDEN = {
      open: EACCES,
      truncate: EACCES,
      unlink: EACCES,
      chmod: EPERM,
      fchmodat: EPERM,
      utimensat: EPERM,
      setxattr: EPERM,
      io_uring: EPERM,
      x32: EPERM,
      kill: EPERM,
      limits: EPERM,
      'disk priority': EPERM,
      owner: EPERM,
    };

    it('cannot change files, send signals or go around the filter', async () => {
      assert.deepEqual(await tried('full'), { ...FORBIDDEN, socket: 0 });
      assert.equal((await stat(join(home, 'secret'))).size, 4096);
    });

    it('has no sockets for the network where there is none', async () => {
      assert.deepEqual(await tried('restricted'), { ...FORBIDDEN, socket: EPERM });
    });
  });

  it('does not run a machine without a session, but answers libvirt’s questions', async () => {
    const { path } = await confinedEmulator(session, 'full');
    await assert.rejects(execute(path, ['-machine', 'pc', '-display', 'none'], { timeout: 5000 }), {
      code: 126,
      stderr: 'vmnetx-launcher: a machine is run for a session only\n',
    });
    await using monitor = await QemuMonitor.start(path, process.env);
    assert.equal(await monitor.ask('query-version'), null);
    assert.match((await execute(path, ['-machine', 'help'])).stdout, /^pc /m);
  });

  it('does not run anything for a session without a mount', async () => {
    await rm(join(session, 'mount'), { recursive: true });
    const { path, variables } = await confinedEmulator(session, 'full');
    await assert.rejects(execute(path, ['-version'], { env: { ...process.env, ...variables } }), {
      code: 126,
      stderr: `vmnetx-launcher: ${session} holds no mount\n`,
    });
  });
});

type Address =
  | { readonly type: 'unix'; readonly data: { readonly path: string } }
  | { readonly type: 'inet'; readonly data: { readonly host: string; readonly port: string } };

/** A chardev that writes into a file, which it makes. */
function toFile(out: string): Readonly<Record<string, unknown>> {
  return { id: 'planted', backend: { type: 'file', data: { out } } };
}
