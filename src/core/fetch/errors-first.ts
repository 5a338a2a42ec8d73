import type { Socket } from 'node:net';

/**
 * Has a socket tell of its error before it tells that it is closed, as undici relies on: otherwise it
 * fails by an exception that nobody can catch. Node tells of errors with the next tick and of the
 * closing from libuv; inside GTK's loop what libuv has to tell comes before the next tick.
 */
export function tellErrorsFirst(socket: Socket): void {
  const emit = socket.emit.bind(socket);
  const tell = (event: string, ...words: readonly unknown[]): boolean => {
    if (event !== 'close') return emit(event, ...words);
    process.nextTick(() => emit(event, ...words));
    return true;
  };
  Object.assign(socket, { emit: tell });
}
