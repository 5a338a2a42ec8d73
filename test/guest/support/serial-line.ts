import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { until } from '../../support/wait.js';

/** The other end of a guest's serial port, on a unix socket that QEMU listens on. */
export class SerialLine {
  /** Everything that the guest has printed so far, without carriage returns. */
  text = '';
  private commands = 0;

  private constructor(private readonly socket: Socket) {
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => {
      this.text += text.replaceAll('\r', '');
    });
    // The socket ends with QEMU; a test that still waits for something says so itself.
    socket.on('error', () => undefined);
  }

  static async open(path: string): Promise<SerialLine> {
    const socket = connect(path);
    await once(socket, 'connect');
    return new SerialLine(socket);
  }

  close(): void {
    this.socket.destroy();
  }

  async waitFor(pattern: RegExp, milliseconds: number): Promise<void> {
    try {
      await until('it is printed', () => pattern.test(this.text), milliseconds);
    } catch (error) {
      const last = this.text.slice(-500);
      throw new Error(`The guest does not print ${String(pattern)}, but ${last}`, { cause: error });
    }
  }

  /** Runs a command in the guest's shell; returns its output without lines of events. */
  async run(command: string, milliseconds = 20_000): Promise<string> {
    this.commands += 1;
    const start = `BEGIN-${this.commands}`;
    const end = `END-${this.commands}`;
    this.socket.write(`echo ${start}; { ${command}; } 2>&1; echo ${end} $?\n`);
    const whole = new RegExp(`^${start}\\n([^]*?)^${end} (\\d+)$`, 'm');
    await this.waitFor(whole, milliseconds);
    const [, output = '', status = ''] = whole.exec(this.text) ?? [];
    if (status !== '0') throw new Error(`“${command}” ended with status ${status}: ${output}`);
    return output.replace(/^(?:KEY|CLICK|NET) .*\n/gm, '').trim();
  }
}
