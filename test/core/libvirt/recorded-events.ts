import type { Connection, ConnectionEvent } from '../../../src/core/libvirt/index.js';
import { until } from '../../support/wait.js';

/** Writes down the events of a connection as short words, for one domain or for all. */
export class RecordedEvents {
  readonly events: ConnectionEvent[] = [];
  readonly stop: () => void;

  constructor(connection: Connection, domain?: string) {
    this.stop = connection.onEvent((event) => {
      if (event.type === 'closed' || domain === undefined || event.domain.name === domain) {
        this.events.push(event);
      }
    });
  }

  /** `started booted`, `reboot`, … in the order in which they came. */
  get words(): readonly string[] {
    return this.events.map((event) =>
      event.type === 'lifecycle' ? `${event.event} ${event.detail}` : event.type,
    );
  }

  async reach(word: string): Promise<void> {
    await until(`an event “${word}” (so far: ${this.words.join(', ')})`, () =>
      this.words.includes(word),
    );
  }
}
