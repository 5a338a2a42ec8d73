import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { createServer as createUnixServer } from 'node:net';
import { homedir, networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { buildDemoPackage } from '../../scripts/demo-package.js';
import { childrenOf } from '../support/processes.js';
import { WindowOnScreen } from '../support/window-on-screen.js';
import { eventually } from '../support/wait.js';
import { Desktop } from './support/desktop.js';
import { GuestConsole } from './support/guest-console.js';
import { endPrograms, startProgram, type StartedProgram } from './support/program.js';
import { listeningSockets, openToOthers, socketInodes } from './support/unix-sockets.js';

const BOOT_MILLISECONDS = 60_000;
/** This computer as guests with a network see it, by the address that QEMU gives it. */
const HOST_FROM_GUEST = '10.0.2.2';

/** Of a socket, in /proc/net/tcp. */
const LISTENING = '0A';

const otherHost = findOtherHost();
const OTHER = otherHost === null ? 'this computer’s outer address' : 'another computer';

describe('a machine that runs', function () {
  this.timeout(120_000);

  let desktop: Desktop;
  let packagePath: string;
  let consolePath: string;

  let loopback: Listener;
  let outer: Listener;

  before(async () => {
    loopback = await listen('127.0.0.1');
    outer = otherHost ?? (await listen(outerAddress()));
    packagePath = await buildDemoPackage(() => undefined);
  });

  beforeEach(async () => {
    desktop = await Desktop.prepare();
    consolePath = join(desktop.folder, 'console');
    desktop.environment['VMNETX_CONSOLE'] = consolePath;
  });

  afterEach(async () => {
    await endPrograms();
    await desktop[Symbol.asyncDispose]();
  });

  after(() => {
    for (const { server } of [loopback, outer]) {
      server?.close();
      server?.closeAllConnections();
    }
  });

  function open(...options: readonly string[]): StartedProgram {
    return startProgram('vmnetx', [...options, packagePath], desktop.environment);
  }

  /** The guest's shell, once it answers and has its network card. */
  async function shellOf(): Promise<GuestConsole> {
    const shell = await GuestConsole.open(consolePath);
    await shell.see(/^NET 10\.0\.2\.15/m, BOOT_MILLISECONDS);
    await shell.see(/GUEST-READY/, BOOT_MILLISECONDS);
    await shell.run('true');
    return shell;
  }

  async function domain(): Promise<string> {
    return eventually(
      'the machine runs',
      async () => (await desktop.virsh('list', '--state-running', '--name')) || undefined,
      BOOT_MILLISECONDS,
    );
  }

  async function qemuPid(name: string): Promise<number> {
    const file = join(desktop.folder, 'run/libvirt/qemu/run', `${name}.pid`);
    return Number(await readFile(file, 'utf8'));
  }

  /** What QEMU says when it is to open a file, by the monitor that only this user's libvirt has. */
  async function openByMonitor(name: string, filename: string): Promise<string> {
    const words = { driver: 'file', 'node-name': 'planted', 'read-only': true, filename };
    const command = JSON.stringify({ execute: 'blockdev-add', arguments: words });
    return desktop.virsh('qemu-monitor-command', name, command);
  }

  it('cannot open a file in the user’s home, even if it takes QEMU over', async () => {
    const home = await mkdtemp(join(homedir(), '.planted-'));
    try {
      const secret = join(home, 'secret');
      await writeFile(secret, 'mine');
      open();
      const name = await domain();
      assert.match(await openByMonitor(name, secret), /Permission denied/);
      const folder = join(desktop.folder, 'run/vmnetx', name.replace('vmnetx-', ''));
      assert.match(await openByMonitor(name, join(folder, 'mount/disk')), /"return":\{\}/);

      // The same machine, but for its disk, which one QEMU has, with QEMU itself as its emulator.
      const xml = (await desktop.virsh('dumpxml', '--inactive', name))
        .replace(/<emulator>.*<\/emulator>/, '<emulator>/usr/bin/qemu-system-x86_64</emulator>')
        .replace(/<disk [^]*<\/disk>/, '')
        .replace(/<uuid>.*<\/uuid>/, '')
        .replaceAll(name, 'unconfined')
        .replaceAll(consolePath, join(home, 'console'))
        .replaceAll(join(folder, 'display'), join(home, 'display'));
      const file = join(desktop.folder, 'unconfined.xml');
      await writeFile(file, xml);
      await desktop.virsh('create', file, '--paused');
      assert.match(await openByMonitor('unconfined', secret), /"return":\{\}/);
      await desktop.virsh('destroy', 'unconfined');
    } finally {
      await rm(home, { recursive: true });
    }
  });

  it('has QEMU’s filter for system calls besides that of the launcher, and no TCP port', async () => {
    open();
    using shell = await shellOf();
    const pid = await qemuPid(await domain());
    const words = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0');
    assert.equal(words[0], '/usr/bin/qemu-system-x86_64');
    assert.match(words[words.indexOf('-sandbox') + 1] ?? '', /^on,.*spawn=deny/);
    const status = await readFile(`/proc/${pid}/status`, 'utf8');
    assert.match(status, /^Seccomp_filters:\t2$/m);
    assert.match(status, /^NoNewPrivs:\t1$/m);

    // The guest speaks by TCP, and goes on to, so the socket of that is seen; nothing listens.
    shell.send(`sleep 60 | nc ${HOST_FROM_GUEST} ${loopback.port}`);
    const sockets = await eventually(
      'QEMU has a connection by TCP',
      async () => {
        const found = await tcpSockets(pid);
        return found.length > 0 ? found : undefined;
      },
      30_000,
    );
    assert.deepEqual(
      sockets.filter((state) => state === LISTENING),
      [],
    );
  });

  it('has its sockets, mount and folders where nobody else can look', async () => {
    const { pid } = open();
    const name = await domain();
    const runtime = join(desktop.folder, 'run/vmnetx');
    const folder = join(runtime, name.replace('vmnetx-', ''));
    for (const path of [runtime, folder, join(folder, 'mount')])
      assert.equal((await stat(path)).mode & 0o777, 0o700, path);
    const processes = [pid, await qemuPid(name), ...(await childrenOf(pid, 'vmnetfs/process.js'))];
    assert.equal(processes.length, 3);
    const sockets = await listeningSockets(desktop.folder, processes);
    for (const known of [join(folder, 'display'), '/monitor.sock', '/libvirt/libvirt-sock'])
      assert.ok(
        sockets.some((path) => path.endsWith(known)),
        `${known}: ${sockets.join()}`,
      );
    // What the test itself has the machine make.
    const own = sockets.filter((path) => path !== consolePath);
    assert.deepEqual(await openToOthers(own, desktop.folder), []);
  });

  it('has no socket in a folder that others may look into: such a one would be seen', async () => {
    const folder = join(desktop.folder, 'open');
    const paths = [join(folder, 'socket'), join(folder, 'closed/socket')];
    await mkdir(join(folder, 'closed'), { recursive: true, mode: 0o755 });
    await chmod(join(folder, 'closed'), 0o700);
    const servers = paths.map((path) => createUnixServer().listen(path));
    for (const server of servers) if (!server.listening) await once(server, 'listening');
    const sockets = await listeningSockets(desktop.folder, []);
    for (const server of servers) server.close();
    assert.deepEqual(sockets.toSorted(), paths.toSorted());
    assert.deepEqual(await openToOthers(sockets, desktop.folder), [join(folder, 'socket')]);
  });

  it(`reaches nothing when it came from a link, and ${OTHER}, too, when the user allows it`, async () => {
    // Where the namespace has to be there, another address is no proof.
    assert.ok(
      otherHost !== null || process.env['CI'] !== 'true',
      'VMNETX_TEST_OTHER_HOST is given',
    );
    const program = open('--from-link');
    const window = new WindowOnScreen(program.pid);
    {
      using shell = await shellOf();
      assert.equal(await reached(shell, HOST_FROM_GUEST, loopback.port), 'no');
      assert.equal(await reached(shell, outer.address, outer.port), 'no');
    }
    await window.press('Allow…');
    await window.press('Allow and Restart');
    {
      // The console of the machine that was is still there for a moment.
      await eventually('the machine has ended', async () =>
        (await desktop.virsh('list', '--name')) === '' ? true : undefined,
      );
      using shell = await shellOf();
      assert.equal(await reached(shell, outer.address, outer.port), 'yes');
      assert.equal(await reached(shell, HOST_FROM_GUEST, loopback.port), 'yes');
    }
    program.kill('SIGTERM');
    assert.equal((await program.ended).status, 0);

    // The answer is remembered.
    const again = open('--from-link');
    using shell = await shellOf();
    assert.equal(await reached(shell, outer.address, outer.port), 'yes');
    await new WindowOnScreen(again.pid).press('Network…');
    await new WindowOnScreen(again.pid).element('Keep this machine on the network?');
  });

  /** Whether the guest gets an answer. */
  function reached(shell: GuestConsole, host: string, port: number): Promise<string> {
    const fetching = `printf 'GET / HTTP/1.0\\r\\n\\r\\n' | nc -w 5 ${host} ${port} 2>&1`;
    return shell.run(`if ${fetching} | grep -q here; then echo yes; else echo no; fi`);
  }
});

interface Listener {
  /** Null: it is not ours. */
  readonly server: Server | null;
  readonly address: string;
  readonly port: number;
}

/** Another computer: a network namespace that only root could make, before the tests began. */
function findOtherHost(): Listener | null {
  const [address, port] = (process.env['VMNETX_TEST_OTHER_HOST'] ?? '').split(':');
  if (address === undefined || port === undefined) return null;
  return { server: null, address, port: Number(port) };
}

/** A web server of this computer. */
async function listen(address: string): Promise<Listener> {
  const server = createServer((_, response) => response.end('here'));
  server.listen(0, address);
  await once(server, 'listening');
  const bound = server.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
  return { server, address, port };
}

/** An address by which other computers know this one. */
function outerAddress(): string {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const outer = addresses.find(({ internal, family }) => !internal && family === 'IPv4');
  assert.ok(outer, 'this computer has an address besides its own loopback');
  return outer.address;
}

/** States of the TCP sockets that a process has, as /proc/net/tcp has them. */
async function tcpSockets(pid: number): Promise<readonly string[]> {
  const inodes = await socketInodes(pid);
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map((name) => readFile(`/proc/${pid}/net/${name}`, 'utf8')),
  );
  return tables
    .flatMap((table) => table.split('\n').slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter((columns) => inodes.has(columns[9] ?? ''))
    .map((columns) => columns[3] ?? '');
}
