import type { ChildProcess } from 'node:child_process';
import { fail, fromPlainError, type VmnetxError } from '../errors/index.js';
import { isMessage, type Answer, type Event, type Question } from './protocol.js';

interface Waiting {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: VmnetxError) => void;
}

/** The owner's end of the channel to a vmnetfs: questions, each with its answer, and events. */
export class Channel {
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, Waiting>();
  #nextId = 1;

  constructor(child: ChildProcess, onEvent: (event: Event) => void) {
    this.#process = child;
    child.on('message', (message) => {
      if (!isMessage(message)) return;
      if ('id' in message) this.#answered(message);
      else onEvent(message);
    });
  }

  /**
   * Asks, and waits for the answer.
   *
   * @throws VmnetxError the answer's; `host-pages-lost` when the other end is gone
   */
  ask(question: Question): Promise<Answer> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      if (!this.#process.connected) {
        reject(fail('host-pages-lost', {}));
        return;
      }
      this.#waiting.set(id, { resolve, reject });
      this.#process.send({ ...question, id }, (error) => {
        if (error === null) return;
        this.#take(id)?.reject(fail('host-pages-lost', {}, { cause: error }));
      });
    });
  }

  /** Nobody answers any more. */
  fail(error: VmnetxError): void {
    for (const id of [...this.#waiting.keys()]) this.#take(id)?.reject(error);
  }

  #answered(answer: Answer): void {
    const waiting = this.#take(answer.id);
    if (answer.error === null) waiting?.resolve(answer);
    else waiting?.reject(fromPlainError(answer.error));
  }

  #take(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting;
  }
}
