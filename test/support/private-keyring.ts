import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { output } from './programs.js';
import { eventually } from './wait.js';

const execute = promisify(execFile);

/** Nobody is started there because somebody asks for them. */
const BUS = `<busconfig>
  <type>session</type>
  <listen>unix:path=PLACE</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*"/>
    <allow receive_sender="*"/>
    <allow own="*"/>
  </policy>
</busconfig>
`;

/** Where the programs run that use the bus, and what for: a folder for all that is written. */
interface Surroundings {
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
}

/** A session bus with a home of its own, and on it, if wanted, GNOME's keyring. */
export class PrivateKeyring implements AsyncDisposable {
  /** For child processes. */
  readonly environment: NodeJS.ProcessEnv;
  readonly #folder: string;
  readonly #processes: ChildProcess[] = [];

  private constructor(folder: string, environment: NodeJS.ProcessEnv, accessibilityBus: string) {
    this.#folder = folder;
    this.environment = {
      ...environment,
      HOME: folder,
      XDG_DATA_HOME: join(folder, 'data'),
      DBUS_SESSION_BUS_ADDRESS: `unix:path=${join(folder, 'bus')}`,
      // Windows on this bus are read as all others are.
      AT_SPI_BUS_ADDRESS: accessibilityBus,
    };
  }

  /** A bus on which nobody keeps secrets. */
  static async withoutKeyring({
    folder: parent,
    environment,
  }: Surroundings): Promise<PrivateKeyring> {
    const folder = await mkdtemp(join(parent, 'bus-'));
    const own = new PrivateKeyring(folder, environment, await accessibilityBus());
    await mkdir(join(folder, 'run'), { mode: 0o700 });
    const configuration = join(folder, 'bus.conf');
    await writeFile(configuration, BUS.replace('PLACE', join(folder, 'bus')));
    const words = [`--config-file=${configuration}`, '--nofork', '--nosyslog', '--print-address'];
    const bus = own.#start('dbus-daemon', words);
    if (bus.stdout !== null) await once(bus.stdout, 'data');
    return own;
  }

  /** A bus with a keyring that is unlocked. */
  static async start(surroundings: Surroundings): Promise<PrivateKeyring> {
    const own = await PrivateKeyring.withoutKeyring(surroundings);
    const keyring = own.#start('gnome-keyring-daemon', [
      '--unlock',
      '--components=secrets',
      '--foreground',
    ]);
    keyring.stdin?.end('the password of the keyring');
    await eventually('the keyring is there', () =>
      own.run('secret-tool', 'search', '--all', 'origin', 'none').catch(() => undefined),
    );
    return own;
  }

  /** Puts a secret into the keyring, with these names and values. */
  async keep(secret: string, ...attributes: readonly string[]): Promise<void> {
    const words = ['store', '--label', 'a secret of the test', ...attributes];
    const tool = spawn('secret-tool', words, {
      env: this.environment,
      stdio: ['pipe', 'ignore', 'inherit'],
    });
    tool.stdin.end(secret);
    await once(tool, 'exit');
  }

  /** Whoever wants something of the keyring has to unlock it, which nobody here can. */
  async lock(): Promise<void> {
    const place = '/org/freedesktop/secrets';
    const service = ['--dest', 'org.freedesktop.secrets', '--object-path', place];
    const method = ['--method', 'org.freedesktop.Secret.Service.Lock'];
    const collections = `['${place}/collection/login']`;
    await this.run('gdbus', 'call', '--session', ...service, ...method, collections);
  }

  /** The keyring goes on to be there, and answers nobody until it is told to. */
  hang(hangs: boolean): void {
    this.#processes.at(-1)?.kill(hangs ? 'SIGSTOP' : 'SIGCONT');
  }

  /** What a program prints that runs in these surroundings. */
  async run(program: string, ...words: readonly string[]): Promise<string> {
    const options = { env: this.environment, timeout: 20_000 };
    return (await execute(program, words, options)).stdout;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of this.#processes.toReversed()) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    }
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }

  #start(program: string, words: readonly string[]): ChildProcess {
    const child = spawn(program, words, {
      // The socket of a keyring is there, and another finds it.
      env: { ...this.environment, XDG_RUNTIME_DIR: join(this.#folder, 'run') },
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    this.#processes.push(child);
    return child;
  }
}

/** The address of the bus on which the screen reader of the tests is. */
async function accessibilityBus(): Promise<string> {
  const words = ['--dest', 'org.a11y.Bus', '--object-path', '/org/a11y/bus'];
  const method = ['--method', 'org.a11y.Bus.GetAddress'];
  const answer = await output('gdbus', 'call', '--session', ...words, ...method);
  return /'(.+)'/.exec(answer)?.[1] ?? '';
}
