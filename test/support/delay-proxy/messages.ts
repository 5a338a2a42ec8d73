import type { LinkSettings } from './link.js';

/** What the process is started with, as JSON in its first argument. */
export interface ProxySettings extends LinkSettings {
  /** The server's port on the loopback interface. */
  readonly port: number;
}

/**
 * What becomes of the connections over which the network went away: they go on as if nothing had
 * happened, stay open but bring nothing any more, or are reset.
 */
export type Fate = 'go on' | 'stall' | 'reset';

export type Order = 'cut' | Fate;

export function isOrder(message: unknown): message is Order {
  return message === 'cut' || message === 'go on' || message === 'stall' || message === 'reset';
}
