import { mkdir } from 'node:fs/promises';
import { startMounted } from './mounted.js';
import { IMAGE_NAME, type Purpose, type Subject } from './subject.js';

const OPTIONS: Readonly<Record<Purpose, readonly string[]>> = {
  // Its defaults read far ahead.
  'sequential, unthrottled': [],
  'sequential, over a link': [],
  // No read-ahead, small ranges, and no waiting for the bytes before the wanted ones.
  random: [
    ...['--vfs-read-chunk-size', '128k', '--buffer-size', '0'],
    ...['--vfs-read-ahead', '0', '--vfs-read-wait', '0'],
  ],
  warm: [],
};

function words(origin: string, folder: string, purpose: Purpose): readonly string[] {
  const mount = ['rclone', 'mount', '--config', '/dev/null', '--http-url', origin, ':http:'];
  const cache = ['--cache-dir', `${folder}/cache`, '--vfs-cache-mode', 'full', '--no-modtime'];
  return [...mount, `${folder}/mount`, ...cache, ...OPTIONS[purpose]];
}

/** `rclone mount` with its full cache. A web server takes no writes, so neither does the mount. */
export const rclone: Subject = {
  name: 'rclone mount',
  hasPageCache: true,
  fetches: true,
  writable: false,
  needs: 'rclone',
  async start({ origin, folder }, purpose, signal) {
    const directory = `${folder}/mount`;
    await mkdir(directory);
    const environment = { PATH: process.env['PATH'], HOME: folder };
    const mounting = { words: words(origin, folder, purpose), environment, directory };
    return await startMounted({ ...mounting, file: IMAGE_NAME, ready: () => true }, signal);
  },
  commands: (purpose) => [words('URL', 'FOLDER', purpose).join(' ')],
};
