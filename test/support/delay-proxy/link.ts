import { Alarm } from './alarm.js';

/** What a link is like. */
export interface LinkSettings {
  readonly roundTripMilliseconds: number;
  /** Of the way to the client, shared by all connections; null for as fast as it goes. */
  readonly bitsPerSecond: number | null;
}

/** The least room in bytes before the narrow place, so that a fast sender is never awaited. */
const LEAST_ROOM = 128 * 1024;
/** Ethernet's largest TCP segment, in bytes: less is never sent on its own. */
const SEGMENT = 1448;
/** Milliseconds in which a piece passes the narrow place: shorter ones cost more time than they tell. */
const PIECE = 2;

/**
 * The way between clients and server: half a round trip each way, and in the direction of the
 * clients a narrow place that all pass one after the other, with room for one round trip before it.
 */
export class Link {
  /** How many bytes cross the narrow place in a millisecond. */
  readonly #rate: number;
  readonly #half: number;
  /** How long the queue before the narrow place may be, in milliseconds. */
  readonly #room: number;
  readonly #alarm = new Alarm();
  /** When the last byte of the queue will have passed the narrow place. */
  #free = 0;
  #full = false;

  /** @param onRoom there is room again for what comes from the server */
  constructor(
    settings: LinkSettings,
    private readonly onRoom: () => void,
  ) {
    this.#half = settings.roundTripMilliseconds / 2;
    this.#rate = settings.bitsPerSecond === null ? Infinity : settings.bitsPerSecond / 8000;
    this.#room = Math.max(settings.roundTripMilliseconds, LEAST_ROOM / this.#rate);
  }

  /** Nobody should send to the clients now. */
  get full(): boolean {
    return this.#full;
  }

  /** How many bytes should go to the clients at a time. */
  get pieceBytes(): number {
    return Math.max(SEGMENT, Math.floor(this.#rate * PIECE));
  }

  /** When a connection that a client begins now is there, in milliseconds of performance.now(). */
  handshakeEnd(): number {
    return performance.now() + 2 * this.#half;
  }

  /** @param earliest not sent before this time */
  toServer(earliest: number, arrive: () => void): void {
    this.#alarm.at(Math.max(earliest, performance.now()) + this.#half, arrive);
  }

  toClient(bytes: number, arrive: () => void): void {
    const now = performance.now();
    this.#free = Math.max(this.#free, now) + bytes / this.#rate;
    this.#alarm.at(this.#free + this.#half, arrive);
    if (this.#full || this.#free - now <= this.#room) return;
    this.#full = true;
    // Early enough that the queue does not run dry before more has come.
    this.#alarm.at(this.#free - this.#room * 0.75, () => {
      this.#full = false;
      this.onRoom();
    });
  }

  /** Nothing arrives any more. */
  cut(): void {
    this.#alarm.stop();
  }

  restore(): void {
    this.#alarm.start();
  }
}
