import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildGuest } from '../../scripts/guest.js';
import { GuestConsole } from '../../test/e2e/support/guest-console.js';
import { output } from '../../test/support/programs.js';
import { WindowOnScreen } from '../../test/support/window-on-screen.js';
import { ShownWindow } from '../../test/ui/support/shown-window.js';
import { interleave } from '../interleave.js';
import { Program } from '../program.js';
import { OURS, type Metric } from '../results.js';
import type { WindowBench } from './bench.js';

export const LATENCY = 'from a key to its guest';
export const PLAIN = 'TigerVNC';

const PLAIN_PROGRAM = 'xtigervncviewer';
const QEMU = ['qemu-system-x86_64', '-accel', 'tcg', '-m', '16', '-net', 'none', '-no-user-config'];
/** The A, by X11's number; the guest tells of it and does nothing else. */
const KEY = 38;
const FOCUS_MILLISECONDS = 100;
/** Between two keys: others each time, so that nothing that comes at regular times is always met. */
const PAUSES = [31, 37, 43, 53, 61];
const ANSWER_MILLISECONDS = 5000;

/**
 * Measures the time from a key on the X server to the first byte that the guest sends when it has taken it:
 * by our window and by a plain viewer. QEMU shows both the same screen, on a socket for each: by one it
 * serves one of them alone.
 */
export async function measureLatency(bench: WindowBench): Promise<void> {
  const { scratch, signal } = bench;
  const file = (name: string): string => join(scratch, name);
  const [ours, others, serial] = [file('ours'), file('others'), file('serial')];
  const { disk } = await buildGuest('firmware', {}, signal);
  const programs: Program[] = [];
  const keyboard = fork(join(import.meta.dirname, 'keyboard.js'));
  try {
    const drive = `file=${disk},format=raw,snapshot=on`;
    const sockets = ['-vnc', `unix:${ours}`, '-vnc', `unix:${others}`];
    const serialPort = ['-serial', `unix:${serial},server=on,wait=off`];
    programs.push(Program.start([...QEMU, ...sockets, ...serialPort, '-drive', drive]));
    {
      using line = await GuestConsole.open(serial);
      await line.see(/FIRMWARE-READY/);
    }
    const plain = Program.start([PLAIN_PROGRAM, '-SecurityTypes=None', others]);
    programs.push(plain);
    await using window = new ShownWindow();
    await window.asked('shown');
    window.feed({ phase: 'running', name: 'Keys', displaySocket: ours, accelerator: 'kvm' });
    await window.element('Screen of the machine');
    using guest = new KeyedGuest(serial, keyboard);
    await compare(bench, guest, [
      { name: OURS, window: await window.id() },
      { name: PLAIN, window: await new WindowOnScreen(plain.pid).id() },
    ]);
  } finally {
    keyboard.kill();
    for (const program of programs.reverse()) await program.end();
  }
}

interface Viewer {
  readonly name: string;
  /** Its X11 id. */
  readonly window: string;
}

async function compare(
  { plan, results, signal }: WindowBench,
  guest: KeyedGuest,
  subjects: readonly Viewer[],
): Promise<void> {
  const { rounds, perRound } = plan.presses;
  // Over neither window: ours takes the keyboard while it is over the guest's screen.
  await output('xdotool', 'mousemove', '10000', '10000');
  const metric: Metric = { metric: LATENCY, setting: 'nothing is fetched', unit: 'ms' };
  const measure = async ({ name, window }: Viewer): Promise<void> => {
    await output('xdotool', 'windowfocus', '--sync', window);
    await sleep(FOCUS_MILLISECONDS, undefined, { signal });
    for (let press = 0; press < perRound; press++) {
      results.add(metric, name, await guest.press());
      await sleep(PAUSES[press % PAUSES.length], undefined, { signal });
    }
  };
  await interleave({ ...metric, subjects, runs: rounds, measure }, results, signal);
}

/** A guest that tells of each key on its serial port, by a line. */
class KeyedGuest implements Disposable {
  readonly #socket: Socket;
  readonly #keyboard: ChildProcess;

  constructor(serial: string, keyboard: ChildProcess) {
    this.#socket = connect(serial);
    this.#keyboard = keyboard;
  }

  /** From the pressing of a key to the first byte of the line about it, in milliseconds. */
  async press(): Promise<number> {
    const signal = AbortSignal.timeout(ANSWER_MILLISECONDS);
    const begin = performance.now();
    this.#keyboard.send(KEY);
    let text = String((await once(this.#socket, 'data', { signal }))[0]);
    const milliseconds = performance.now() - begin;
    while (!text.endsWith('\n')) text += String((await once(this.#socket, 'data', { signal }))[0]);
    if (!/^KEY \w+\r\n$/.test(text)) throw new Error(`The guest says: ${text}`);
    return milliseconds;
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }
}
