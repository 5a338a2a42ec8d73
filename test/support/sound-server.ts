import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SAMPLE_RATE } from './tone.js';
import { until } from './wait.js';

/** A sound server of its own, whose only output is heard by nobody but {@link record}. */
export class SoundServer implements AsyncDisposable {
  readonly #folder: string;
  #server: ChildProcess | null = null;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async start(): Promise<SoundServer> {
    const own = new SoundServer(await mkdtemp(join(tmpdir(), 'sound-')));
    await own.start();
    return own;
  }

  /** For programs that are to be heard there. */
  get environment(): { readonly PULSE_SERVER: string } {
    return { PULSE_SERVER: `unix:${this.#socket}` };
  }

  async start(): Promise<void> {
    const words = [
      ...['-n', '--daemonize=no', '--use-pid-file=no', '--exit-idle-time=-1'],
      // One that rewinds is late by up to two seconds.
      ...['-L', `module-null-sink sink_name=null norewinds=1 rate=${SAMPLE_RATE}`],
      ...['-L', `module-native-protocol-unix socket=${this.#socket} auth-anonymous=1`],
    ];
    const folders = { HOME: this.#folder, XDG_RUNTIME_DIR: this.#folder };
    const env = { ...process.env, ...folders };
    this.#server = spawn('pulseaudio', words, { env, stdio: 'ignore' });
    await until('the sound server listens', () =>
      access(this.#socket).then(
        () => true,
        () => false,
      ),
    );
  }

  async stop(): Promise<void> {
    const server = this.#server;
    if (server === null) return;
    this.#server = null;
    const ended = once(server, 'close');
    server.kill('SIGTERM');
    await ended;
  }

  /** What is heard from now on, for a time in milliseconds: one channel. */
  async record(milliseconds: number): Promise<Int16Array> {
    const words = ['--device=null.monitor', '--format=s16le', '--channels=1', '--latency-msec=20'];
    const env = { ...process.env, ...this.environment };
    const recorder = spawn('parec', [...words, `--rate=${SAMPLE_RATE}`], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const samples = new Int16Array(Math.ceil((milliseconds * SAMPLE_RATE) / 1000));
    const bytes = Buffer.from(samples.buffer);
    let count = 0;
    const ended = once(recorder, 'close');
    recorder.stdout.on('data', (data: Buffer) => {
      count += data.copy(bytes, count);
      if (count === bytes.length) recorder.kill('SIGKILL');
    });
    await ended;
    if (count < bytes.length) throw new Error('the sound server has ended');
    return samples;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }

  get #socket(): string {
    return join(this.#folder, 'server');
  }
}
