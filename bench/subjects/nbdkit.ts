import { startNbdServer } from './nbd-server.js';
import { IMAGE_NAME, type Purpose, type Subject } from './subject.js';

type Filter = 'cow' | 'cache';

const COW_BLOCK: Readonly<Record<Purpose, string>> = {
  'sequential, unthrottled': 'cow-block-size=64K',
  // Larger blocks are fewer requests; "larger than a few megabytes is not usually a good idea".
  'sequential, over a link': 'cow-block-size=4M',
  random: 'cow-block-size=4096',
  warm: 'cow-block-size=64K',
};

function words(filter: Filter, origin: string, folder: string, purpose: Purpose) {
  // Unsafe: a flush would be a write to the web server.
  const options =
    filter === 'cow'
      ? ['cow-on-read=true', COW_BLOCK[purpose]]
      : ['cache-on-read=true', 'cache=unsafe'];
  const server = ['nbdkit', '--foreground', '--unix', `${folder}/socket`, `--filter=${filter}`];
  return [...server, 'curl', `url=${origin}/${IMAGE_NAME}`, ...options];
}

/** nbdkit's curl plugin below a filter that keeps what was read. */
export function nbdkit(filter: Filter): Subject {
  return {
    name: `nbdkit curl+${filter}`,
    hasPageCache: false,
    fetches: true,
    writable: true,
    needs: 'nbdkit',
    async start({ origin, folder }, purpose, signal) {
      // The filters keep their files in TMPDIR, deleted but open.
      const environment = { PATH: process.env['PATH'], TMPDIR: folder };
      const command = words(filter, origin, folder, purpose);
      return await startNbdServer(command, `${folder}/socket`, environment, signal);
    },
    commands: (purpose) => [words(filter, 'URL', 'FOLDER', purpose).join(' ')],
  };
}
