import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:fs';
import { access, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeMounts } from './mounts.js';
import { until } from './wait.js';

/**
 * A session daemon of libvirt for one test file, with runtime and configuration folders of its own:
 * nothing of it is shared with the user's daemon or with tests that run beside it.
 */
export class PrivateLibvirt {
  /** Connects to this daemon from a process with any environment. */
  readonly uri: string;
  /** For child processes: `qemu:///session` then means this daemon. */
  readonly environment: NodeJS.ProcessEnv;
  /** A folder for the test's own files; it goes with the daemon. */
  readonly folder: string;
  private readonly runtime: string;
  private daemon: ChildProcess | undefined;

  private constructor(folder: string) {
    this.folder = folder;
    this.runtime = join(folder, 'run');
    this.uri = `qemu+unix:///session?socket=${this.runtime}/libvirt/libvirt-sock`;
    this.environment = {
      ...process.env,
      PATH: `${process.env['PATH'] ?? ''}:/usr/sbin`,
      XDG_RUNTIME_DIR: this.runtime,
      XDG_CONFIG_HOME: join(folder, 'config'),
      XDG_CACHE_HOME: join(folder, 'cache'),
    };
  }

  /**
   * Only the folders: libvirt starts a daemon itself when a process of {@link environment} asks.
   *
   * @param settings further lines of qemu.conf
   */
  static async prepare(settings: readonly string[] = []): Promise<PrivateLibvirt> {
    const own = new PrivateLibvirt(await mkdtemp(join(tmpdir(), 'lv-')));
    await mkdir(own.runtime, { mode: 0o700 });
    await mkdir(join(own.folder, 'config', 'libvirt'), { recursive: true });
    await own.configure(settings);
    return own;
  }

  static async start(settings: readonly string[] = []): Promise<PrivateLibvirt> {
    const own = await PrivateLibvirt.prepare(settings);
    await own.startDaemon();
    return own;
  }

  /**
   * Has a daemon with other settings take the place of the one that was started.
   *
   * @param settings further lines of qemu.conf
   */
  async restart(settings: readonly string[]): Promise<void> {
    const { daemon } = this;
    if (daemon !== undefined) {
      const ended = once(daemon, 'exit');
      daemon.kill('SIGTERM');
      await ended;
    }
    await this.configure(settings);
    await this.startDaemon();
  }

  async daemonPid(): Promise<number> {
    return pidIn(join(this.runtime, 'libvirt', 'libvirtd.pid'));
  }

  async qemuPid(domain: string): Promise<number> {
    return pidIn(join(this.runtime, 'libvirt', 'qemu', 'run', `${domain}.pid`));
  }

  /** Ends every QEMU, the daemon and the folders, whatever the test left. */
  async stop(): Promise<void> {
    const run = join(this.runtime, 'libvirt', 'qemu', 'run');
    const files = await readdir(run).catch(() => []);
    for (const file of files.filter((name) => name.endsWith('.pid'))) {
      kill(await pidIn(join(run, file)).catch(() => 0));
    }
    const pid = await this.daemonPid().catch(() => 0);
    kill(pid);
    // A daemon that is killed while it asks QEMU what that can do leaves it running.
    for (const asked of await foldersIn(join(this.folder, 'config/libvirt/qemu/lib'), /^qmp-/)) {
      kill(await pidIn(join(asked, 'qmp.pid')).catch(() => 0));
    }
    if (this.daemon?.exitCode === null && this.daemon.signalCode === null) {
      this.daemon.kill('SIGKILL');
      await once(this.daemon, 'exit');
    }
    await until('libvirtd has ended', () => pid === 0 || !isAlive(pid));
    await removeMounts(this.folder);
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  private async configure(settings: readonly string[]): Promise<void> {
    // Without this every daemon starts a log daemon of its own, which stays for two minutes.
    const lines = ['stdio_handler = "file"', ...settings, ''];
    await writeFile(join(this.folder, 'config', 'libvirt', 'qemu.conf'), lines.join('\n'));
  }

  private async startDaemon(): Promise<void> {
    const words = ['--timeout', '120'];
    this.daemon = spawn('libvirtd', words, { env: this.environment, stdio: 'ignore' });
    await until('libvirtd listens', () =>
      exists(join(this.runtime, 'libvirt', 'libvirt-sock'), constants.W_OK),
    );
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function exists(path: string, mode: number): Promise<boolean> {
  return access(path, mode).then(
    () => true,
    () => false,
  );
}

async function pidIn(file: string): Promise<number> {
  return Number((await readFile(file, 'utf8')).trim());
}

async function foldersIn(folder: string, names: RegExp): Promise<readonly string[]> {
  const found = await readdir(folder).catch(() => []);
  return found.filter((name) => names.test(name)).map((name) => join(folder, name));
}

function kill(pid: number): void {
  if (pid > 0 && isAlive(pid)) process.kill(pid, 'SIGKILL');
}
