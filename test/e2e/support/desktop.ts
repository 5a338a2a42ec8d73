import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PrivateLibvirt } from '../../support/private-libvirt.js';

const execute = promisify(execFile);
const SESSION = 'qemu:///session';

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

  /** Everything that a session may have left: domains, mounts, files, processes. */
  async remains(): Promise<readonly string[]> {
    const { folder } = this;
    const mounts = await readFile('/proc/self/mountinfo', 'utf8');
    const runtime = join(folder, 'run', 'vmnetx');
    return [
      ...lines(await this.virsh('list', '--all', '--name')).map((name) => `domain ${name}`),
      ...lines(mounts).filter((line) => line.includes(folder)),
      ...(await filesBelow(runtime)).filter((path) => !/\/(kvm-[^/]*\.json|store)$/.test(path)),
      ...(await filesBelow(join(folder, 'state'))).filter((path) => !isLasting(path)),
      ...(await processesOf(folder)),
    ];
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

/** Live processes that know the folder by their command line or environment; not libvirt's daemons. */
async function processesOf(folder: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) continue;
    const [command, environment] = await Promise.all(
      ['cmdline', 'environ'].map((name) =>
        readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => ''),
      ),
    );
    // A process that has ended and waits for its parent has no command line.
    const known = `${command ?? ''}${environment ?? ''}`.includes(folder);
    if (command === undefined || command === '' || !known) continue;
    const words = command.split('\0').join(' ').trim();
    if (!/^\S*(libvirtd|virtlogd) |virsh /.test(`${words} `))
      found.push(`process ${pid}: ${words}`);
  }
  return found;
}
