import { connect } from 'node:net';
import { once } from 'node:events';
import { Program } from '../program.js';
import { START_MILLISECONDS, type Session } from './subject.js';

/** Starts an NBD server and waits until its socket takes connections. */
export async function startNbdServer(
  words: readonly string[],
  socket: string,
  environment: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<Session> {
  const program = Program.start(words, environment);
  const end = (): Promise<void> => program.end();
  try {
    await program.ready(() => takesConnections(socket), START_MILLISECONDS, signal);
  } catch (error) {
    await end();
    throw error;
  }
  return { target: { kind: 'nbd', socket }, pid: program.pid, end };
}

async function takesConnections(path: string): Promise<boolean> {
  const socket = connect(path);
  const connected = await once(socket, 'connect').then(
    () => true,
    () => false,
  );
  socket.destroy();
  return connected;
}
