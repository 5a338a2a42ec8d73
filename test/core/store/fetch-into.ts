import { mkdir, rm } from 'node:fs/promises';
import { mountImages, type ImageMount } from '../../../src/core/chunkfs/index.js';
import type { StoredImage } from '../../../src/core/store/index.js';
import { until } from '../../support/wait.js';

/** Mounts an image of the store on a new folder, of which nothing is there once `use` is done. */
export async function withMount(
  { data, record, live, identity, description }: StoredImage,
  directory: string,
  use: (mount: ImageMount) => Promise<void>,
): Promise<void> {
  await mkdir(directory);
  const ignore = () => undefined;
  const mount = await mountImages({
    directory,
    images: [
      {
        name: 'disk',
        sizeBytes: description.sizeBytes,
        chunkBytes: description.chunkBytes,
        pristine: data,
        overlay: null,
        waitMilliseconds: null,
        record: { durable: record, live, identity },
      },
    ],
    onMiss: ignore,
    onMark: ignore,
    onStoreFailed: ignore,
    onEnd: ignore,
  });
  try {
    await use(mount);
  } finally {
    await mount.unmount();
    await rm(directory, { recursive: true });
  }
}

/** Has the file system store bytes in an image, and note that they are there. */
export async function fetchInto(
  image: StoredImage,
  directory: string,
  pieces: readonly { readonly offset: number; readonly bytes: Buffer }[],
): Promise<void> {
  await withMount(image, directory, async (mount) => {
    for (const { offset, bytes } of pieces) await mount.deliver('disk', offset, bytes);
    await until('all is stored', () => mount.storingBytes() === 0);
  });
  image.allDurable();
}
