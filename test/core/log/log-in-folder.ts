import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beginLog, type BegunLog } from '../../../src/core/log/index.js';

/** A folder for logs of its own. */
export class LogFolder implements AsyncDisposable {
  private constructor(readonly state: string) {}

  static async make(): Promise<LogFolder> {
    return new LogFolder(await mkdtemp(join(tmpdir(), 'log-')));
  }

  get path(): string {
    return join(this.state, 'vmnetx', 'log');
  }

  get environment(): Readonly<Record<string, string>> {
    return { XDG_STATE_HOME: this.state };
  }

  begin(more: Readonly<Record<string, string>> = {}): Promise<BegunLog> {
    return beginLog('window', { ...this.environment, ...more });
  }

  async names(): Promise<readonly string[]> {
    return (await readdir(this.path)).sort();
  }

  /** What the only log, or the one of this name, says, without times. */
  async lines(name?: string): Promise<readonly string[]> {
    const [only = ''] = await this.names();
    const text = await readFile(join(this.path, name ?? only), 'utf8');
    return text.split('\n').flatMap((line) => (line === '' ? [] : [line.replace(/^\S+ /, '')]));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.state, { recursive: true });
  }
}
