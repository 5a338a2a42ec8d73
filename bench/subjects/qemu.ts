import { runProgram } from '../program.js';
import { startNbdServer } from './nbd-server.js';
import { IMAGE_NAME, type Purpose, type Subject } from './subject.js';

const READ_AHEAD_BYTES: Readonly<Record<Purpose, number>> = {
  // QEMU's default.
  'sequential, unthrottled': 2 ** 18,
  'sequential, over a link': 4 * 2 ** 20,
  random: 0,
  warm: 2 ** 18,
};

function words(origin: string, folder: string, purpose: Purpose) {
  const url = `${origin}/${IMAGE_NAME}`;
  const overlay = `${folder}/overlay.qcow2`;
  const remote = { driver: 'http', url, readahead: READ_AHEAD_BYTES[purpose] };
  const backing = `json:${JSON.stringify({ driver: 'raw', file: remote })}`;
  const file = { driver: 'qcow2', file: { driver: 'file', filename: overlay } };
  const disk = { ...file, backing: { driver: 'raw', file: remote } };
  const node = { driver: 'copy-on-read', 'node-name': 'disk', file: disk };
  const server = `addr.type=unix,addr.path=${folder}/socket,max-connections=64`;
  return {
    create: ['qemu-img', 'create', '-q', '-f', 'qcow2', '-F', 'raw', '-b', backing, overlay],
    serve: [
      ...['qemu-storage-daemon', '--blockdev', JSON.stringify(node), '--nbd-server', server],
      ...['--export', 'type=nbd,id=disk,node-name=disk,name=,writable=on'],
    ],
  };
}

/** QEMU's curl driver with copy-on-read into a qcow2 overlay, exported over NBD. */
export const qemu: Subject = {
  name: 'qemu curl+copy-on-read',
  hasPageCache: false,
  fetches: true,
  writable: true,
  needs: 'qemu-storage-daemon',
  async start({ origin, folder }, purpose, signal) {
    const { create, serve } = words(origin, folder, purpose);
    await runProgram(create, signal);
    const environment = { PATH: process.env['PATH'], HOME: folder };
    return await startNbdServer(serve, `${folder}/socket`, environment, signal);
  },
  commands(purpose) {
    const { create, serve } = words('URL', 'FOLDER', purpose);
    return [quoted(create), quoted(serve)];
  },
};

/** For a shell: words with braces are quoted. */
function quoted(command: readonly string[]): string {
  return command.map((word) => (word.includes('{') ? `'${word}'` : word)).join(' ');
}
