import { constants } from 'node:fs';
import { access, mkdtemp, open, readFile, rm, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { mountImages } from '../../chunkfs/index.js';
import { VmnetxError } from '../../errors/index.js';
import { runtimeDirectory, TRIAL_PREFIX, type Environment } from '../../places/index.js';
import { cleanText } from '../../text/index.js';
import { bad, good, type Check, type Finding, type Host } from '../check.js';
import { installAdvice } from '../distribution.js';
import { runProgram } from '../run-program.js';

const MEANING = 'A machine’s disk is shown to it by a mount: without one, no machine runs.';
const MAX_DETAIL_LENGTH = 200;
/** What the trial's image holds: one chunk, the smallest there is. */
const CHUNK_BYTES = 4096;
const BYTE = 0x76;

/** Whether this account can mount a disk as machines need it; tried by a mount. */
export const fuse: Check = {
  id: 'fuse',
  title: 'Mounts by users (FUSE)',
  needed: true,
  examine: async (host, signal) =>
    (await deviceFault(host)) ?? (await helperFault(host, signal)) ?? (await trial(host, signal)),
};

async function deviceFault({ root }: Host): Promise<Finding | null> {
  try {
    await access(join(root, 'dev/fuse'), constants.R_OK | constants.W_OK);
    return null;
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return missing
      ? bad('There is no /dev/fuse.', MEANING, 'Load the driver: sudo modprobe fuse')
      : bad(
          'This account may not use /dev/fuse.',
          MEANING,
          'Have the administrator open it for everybody, as distributions do: sudo chmod 666 /dev/fuse',
        );
  }
}

async function helperFault(host: Host, signal: AbortSignal): Promise<Finding | null> {
  const ending = await runProgram('fusermount3', ['--version'], host.environment, signal);
  if (ending.kind === 'done' && ending.status === 0) return null;
  return ending.kind === 'not-found'
    ? bad(
        'The program fusermount3, which makes mounts for users, is not installed.',
        MEANING,
        installAdvice(host.distribution, 'fuse'),
      )
    : bad(
        'The program fusermount3, which makes mounts for users, cannot be run.',
        MEANING,
        'Install FUSE 3 again, and see that you may run fusermount3.',
      );
}

/** Mounts one file, reads it, and ends the mount. */
async function trial({ environment }: Host, signal: AbortSignal): Promise<Finding> {
  const folder = await makeFolder(environment);
  try {
    const read = await tryMount(folder, signal);
    return read
      ? good('A mount was made, read and ended.', 'Machines’ disks can be shown to them.')
      : bad('A mount was made, but not read correctly.', MEANING, 'Please report this.');
  } catch (error) {
    signal.throwIfAborted();
    const detail = error instanceof VmnetxError ? error.detail : null;
    const words = detail === null ? '' : ` (${cleanText(detail, MAX_DETAIL_LENGTH)})`;
    return bad(
      `A mount could not be made${words}.`,
      MEANING,
      'See that fusermount3 belongs to root and has the setuid bit, and that no container or security module forbids mounts.',
    );
  } finally {
    await rmdir(folder);
  }
}

/** Where mounts of machines are, if there is such a place: some systems allow mounts only there. */
async function makeFolder(environment: Environment): Promise<string> {
  const make = (place: string) => mkdtemp(join(place, TRIAL_PREFIX));
  const runtime = runtimeDirectory(environment);
  if (runtime === null) return make(tmpdir());
  return make(dirname(runtime)).catch(() => make(tmpdir()));
}

async function tryMount(folder: string, signal: AbortSignal): Promise<boolean> {
  const path = `${folder}.disk`;
  const pristine = await open(path, 'wx+', 0o600);
  try {
    await rm(path);
    const image = {
      name: 'disk',
      sizeBytes: CHUNK_BYTES,
      chunkBytes: CHUNK_BYTES,
      pristine: pristine.fd,
      overlay: null,
      waitMilliseconds: 1000,
    };
    const mount = await mountImages({
      directory: folder,
      images: [image],
      threads: 1,
      onMiss: () => {
        void mount.deliver('disk', 0, Buffer.alloc(CHUNK_BYTES, BYTE));
      },
      onEnd: () => undefined,
    });
    try {
      signal.throwIfAborted();
      const bytes = await readFile(join(folder, 'disk'), { signal });
      return bytes.length === CHUNK_BYTES && bytes.every((byte) => byte === BYTE);
    } finally {
      await mount.unmount();
    }
  } finally {
    await pristine.close();
  }
}
