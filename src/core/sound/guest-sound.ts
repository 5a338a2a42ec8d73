import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Log } from '../log/index.js';
import { withinProgram, type Environment } from '../places/index.js';
import { PLAYER } from './player.js';

/** Whether a guest is heard; `none`: it has no sound, or this computer no sound server. */
export type Audibility = 'none' | 'heard' | 'muted';

export interface GuestSoundOptions {
  /** Absolute path of the unix socket of the machine's VNC server. */
  readonly socket: string;
  readonly muted: boolean;
  readonly environment: Environment;
  readonly log: Log;
  readonly onChange: (audibility: Audibility) => void;
}

/** A sound server that is started again needs a moment. */
const AGAIN_MILLISECONDS = 1000;
/** How the player ends where the sound server is none, or no longer. */
const NO_SERVER = 69;
/** What the player says of one failure. */
const MAX_COMPLAINT = 1000;

/**
 * Has a guest heard at the user's sound server, by a process of its own (`native/sound`) that has a
 * connection of its own to the machine's VNC server. Muted, there is no such process. Where there is
 * no sound server the guest is silent; one that goes away is looked for once more. What says no sound
 * is asked no more.
 */
export class GuestSound {
  readonly #options: GuestSoundOptions;
  #player: ChildProcess | null = null;
  #again: NodeJS.Timeout | null = null;
  #closed = false;

  constructor(options: GuestSoundOptions) {
    this.#options = options;
    this.mute(options.muted);
  }

  /** Does nothing once it is closed. */
  mute(muted: boolean): void {
    if (this.#closed) return;
    this.#stop();
    this.#options.onChange(muted ? 'muted' : 'none');
    if (!muted) this.#play();
  }

  /** Ends it; fulfilled when the player is gone. */
  async close(): Promise<void> {
    this.#closed = true;
    const player = this.#player;
    this.#stop();
    if (player?.pid !== undefined) await once(player, 'close');
  }

  #play(): void {
    const { socket, environment, log, onChange } = this.#options;
    const player = spawn(withinProgram(PLAYER), [socket], {
      env: { ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#player = player;
    let heard = false;
    let complaint = '';
    const ended = (reason: string | null, status: number | null): void => {
      if (this.#player !== player) return;
      this.#player = null;
      if (reason !== null) log.info('The guest is not heard', { reason });
      onChange('none');
      if (heard && status === NO_SERVER) this.#playAgain();
    };
    player.stdout.once('data', () => {
      if (this.#player !== player) return;
      heard = true;
      onChange('heard');
    });
    player.stderr.on('data', (data: Buffer) => {
      complaint = `${complaint}${data.toString()}`.slice(0, MAX_COMPLAINT);
    });
    player.once('error', ({ message }) => {
      ended(message, null);
    });
    player.once('close', (status, signal) => {
      // The VNC server went away: most often the machine with it.
      const isOver = status === 0;
      const reason = complaint.trim() || `the player ended with ${status ?? signal}`;
      ended(isOver ? null : reason, status);
    });
  }

  #playAgain(): void {
    this.#again = setTimeout(() => {
      this.#play();
    }, AGAIN_MILLISECONDS);
  }

  #stop(): void {
    if (this.#again !== null) clearTimeout(this.#again);
    this.#again = null;
    this.#player?.kill('SIGKILL');
    this.#player = null;
  }
}
