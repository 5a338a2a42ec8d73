import { connect, type Socket } from 'node:net';
import { eventually } from '../../support/wait.js';

/** Until QEMU runs, on a computer that has other things to do. */
const START_MILLISECONDS = 30_000;

/** What a guest prints on its first serial port, and the demo guest's shell there. */
export class GuestConsole implements Disposable {
  readonly #socket: Socket;
  #text = '';
  #commands = 0;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding('utf8').on('data', (text: string) => (this.#text += text));
    socket.on('error', () => undefined);
  }

  /** @param path the unix socket that the machine was given as its console */
  static async open(path: string): Promise<GuestConsole> {
    const socket = await eventually(
      'the console can be reached',
      () => tryToConnect(path),
      START_MILLISECONDS,
    );
    return new GuestConsole(socket);
  }

  /** Runs one line in the guest's shell; returns what it printed. */
  async run(line: string, limit = 30_000): Promise<string> {
    const number = ++this.#commands;
    // The quotes keep the echo of the line from looking like its outcome.
    this.#socket.write(`echo; echo "<"${number}; ${line}; echo ">"${number}:$?\n`);
    const answer = new RegExp(`\\n<${number}\\r?\\n([^]*?)>${number}:(\\d+)`);
    const [, printed = '', status] = await eventually(
      `the guest has run “${line}”`,
      () => this.#seen(answer),
      limit,
    );
    if (status !== '0') throw new Error(`“${line}” ended with ${status ?? ''}: ${printed}`);
    // The guest tells of its network at whatever moment that is there, and counts.
    return printed
      .replaceAll('\r', '')
      .replace(/^(?:NET|COUNT) \S+\n/gm, '')
      .trim();
  }

  /** Types one line, whatever comes of it. */
  send(line: string): void {
    this.#socket.write(`${line}\n`);
  }

  /** Waits until the guest has printed something, since it was opened. */
  async see(what: RegExp, limit = 30_000): Promise<void> {
    await eventually(`the guest prints ${what}`, () => this.#seen(what), limit);
  }

  /** What the demo guest has counted to, each number, since it was opened. */
  counts(): readonly number[] {
    return [...this.#text.matchAll(/^COUNT (\d+)\r?\n/gm)].map(([, number]) => Number(number));
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }

  #seen(what: RegExp): RegExpExecArray | undefined {
    const found = what.exec(this.#text);
    if (found === null && this.#socket.destroyed) throw new Error('The guest’s console is closed');
    return found ?? undefined;
  }
}

function tryToConnect(path: string): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      resolve(socket);
    });
    socket.once('error', () => {
      resolve(undefined);
    });
  });
}
