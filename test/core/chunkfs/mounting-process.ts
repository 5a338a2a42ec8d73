import { open } from 'node:fs/promises';
import { Worker, isMainThread, workerData } from 'node:worker_threads';
import { mountImages } from '../../../src/core/chunkfs/index.js';

/**
 * A process that mounts an image whose chunks never come, and ends without unmounting.
 *
 * Arguments: an existing file, an empty directory, and how to end on a line from stdin: `exit`, or
 * `worker` to end the worker that mounted and stay. Prints `mounted`, later `ended`.
 */
interface Work {
  readonly file: string;
  readonly directory: string;
}

function isWork(value: unknown): value is Work {
  return typeof value === 'object' && value !== null && 'file' in value && 'directory' in value;
}

async function mount({ file, directory }: Work): Promise<void> {
  const pristine = await open(file, 'r+');
  await mountImages({
    directory,
    images: [
      {
        name: 'memory',
        sizeBytes: 1_000_000,
        chunkBytes: 4096,
        pristine: pristine.fd,
        overlay: null,
        waitMilliseconds: null,
      },
    ],
    onMiss: () => undefined,
    onEnd: () => undefined,
  });
  await pristine.close();
  process.stdout.write('mounted\n');
}

if (isMainThread) {
  const [, , file = '', directory = '', how = ''] = process.argv;
  const work: Work = { file, directory };
  if (how === 'worker') {
    const worker = new Worker(new URL(import.meta.url), { workerData: work });
    process.stdin.once('data', () => {
      void worker.terminate().then(() => {
        process.stdout.write('ended\n');
      });
    });
  } else {
    await mount(work).catch((error: unknown) => {
      process.stdout.write(`${JSON.stringify(error)}\n`);
      process.exit(1);
    });
    process.stdin.once('data', () => process.exit(0));
  }
} else if (isWork(workerData)) {
  await mount(workerData);
}
