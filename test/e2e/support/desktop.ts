import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PrivateLibvirt } from '../../support/private-libvirt.js';

const execute = promisify(execFile);
const SESSION = 'qemu:///session';

export interface DesktopProcess {
  readonly pid: number;
  readonly parent: number;
  /** Its command line. */
  readonly words: string;
}

/**
 * The surroundings of one desktop user: a libvirt daemon, runtime, configuration and state folders of
 * their own. The display and the session bus are those of the test run.
 */
export class Desktop implements AsyncDisposable {
  readonly #libvirt: PrivateLibvirt;
  readonly environment: NodeJS.ProcessEnv;

  private constructor(libvirt: PrivateLibvirt) {
    this.#libvirt = libvirt;
    this.environment = {
      ...libvirt.environment,
      XDG_STATE_HOME: join(libvirt.folder, 'state'),
      // Wherever the tests run, the machine is emulated: what they see must not depend on the host.
      VMNETX_ACCELERATOR: 'tcg',
      // Questions have tests of their own.
      VMNETX_CONFIRM: '0',
    };
  }

  static async prepare(): Promise<Desktop> {
    return new Desktop(await PrivateLibvirt.prepare());
  }

  /** For the test's own files; goes with the desktop. */
  get folder(): string {
    return this.#libvirt.folder;
  }

  /** What libvirt's own tool lists. */
  async virsh(...words: readonly string[]): Promise<string> {
    const options = { env: this.environment, timeout: 20_000 };
    const { stdout } = await execute('virsh', ['--quiet', '-c', SESSION, ...words], options);
    return stdout.trim();
  }

  /** The process id of libvirt's daemon. */
  daemonPid(): Promise<number> {
    return this.#libvirt.daemonPid();
  }

  /** Everything that a session may have left: domains, mounts, files, processes. */
  async remains(): Promise<readonly string[]> {
    const domains = lines(await this.virsh('list', '--all', '--name'));
    return [...domains.map((name) => `domain ${name}`), ...(await this.remainsBesidesLibvirt())];
  }

  /** The same without asking libvirt. */
  async remainsBesidesLibvirt(): Promise<readonly string[]> {
    const { folder } = this;
    const mounts = await readFile('/proc/self/mountinfo', 'utf8');
    const runtime = join(folder, 'run', 'vmnetx');
    return [
      ...lines(mounts).filter((line) => line.includes(folder)),
      ...(await filesBelow(runtime)).filter((path) => !/\/(kvm-[^/]*\.json|store)$/.test(path)),
      ...(await filesBelow(join(folder, 'state'))).filter((path) => !isLasting(path)),
      ...(await this.processes()).map(({ pid, words }) => `process ${pid}: ${words}`),
    ];
  }

  /** The processes that were started in these surroundings, but for libvirt's daemons. */
  processes(): Promise<readonly DesktopProcess[]> {
    return processesOf(this.folder);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#libvirt.stop();
  }
}

/** What is there from the first session on: two folders, and the logs of sessions. */
function isLasting(path: string): boolean {
  return /\/vmnetx\/(sessions|log|log\/[^/]+\.log)$/.test(path);
}

function lines(text: string): readonly string[] {
  return text.split('\n').filter((line) => line.trim() !== '');
}

async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((path) => path !== join(folder, 'vmnetx'));
}

/** Its daemons, its tool, and the QEMU without a machine that it asks what QEMU can do. */
const LIBVIRTS_OWN = /^\S*(libvirtd|virtlogd) |virsh |^\S*qemu-\S+ .*-machine none[, ]/;

/** Live processes that know the folder by their command line or environment; not libvirt's daemons. */
async function processesOf(folder: string): Promise<readonly DesktopProcess[]> {
  const found: DesktopProcess[] = [];
  for (const entry of await readdir('/proc')) {
    const pid = Number(entry);
    if (!Number.isInteger(pid) || pid === process.pid) continue;
    const [command = '', environment = '', status = ''] = await Promise.all(
      ['cmdline', 'environ', 'status'].map((name) =>
        readFile(`/proc/${entry}/${name}`, 'utf8').catch(() => ''),
      ),
    );
    // A process that has ended and waits for its parent has no command line.
    if (command === '' || !`${command}${environment}`.includes(folder)) continue;
    const words = command.split('\0').join(' ').trim();
    if (LIBVIRTS_OWN.test(`${words} `)) continue;
    found.push({ pid, words, parent: Number(/^PPid:\t(\d+)$/m.exec(status)?.[1]) });
  }
  return found;
}
