import { mountImages } from '../../../src/core/chunkfs/index.js';
import { Disposal } from '../../../src/core/disposal/index.js';
import { openSource, type HttpTimeouts } from '../../../src/core/fetch/index.js';
import { Pager, type Clock, type PagerListener } from '../../../src/core/paging/index.js';
import { parsePackageUrl } from '../../../src/core/reference/index.js';
import { openImages } from '../../../src/core/vmnetfs/open-images.js';
import type { MountRequest } from '../../../src/core/vmnetfs/index.js';

/** What is waited for less than by a vmnetfs. */
export interface Impatience {
  readonly timeouts: Partial<HttpTimeouts>;
  readonly clock?: Clock;
}

/** Mounts a package as a vmnetfs does it, with other time-outs and another clock. */
export async function mountImpatiently(
  request: MountRequest,
  href: string,
  listener: PagerListener,
  { timeouts, clock }: Impatience,
): Promise<AsyncDisposable> {
  const disposal = new Disposal();
  const { signal } = new AbortController();
  const url = parsePackageUrl(href);
  const source = await openSource({ kind: 'url', url, label: url.label }, { signal, timeouts });
  disposal.add('the package', 1000, () => source.close());
  const { images } = await openImages(request, disposal);
  const layouts = new Map([...images].map(([name, { layout }]) => [name, layout]));
  const pager = new Pager({
    source,
    images: layouts,
    listener,
    ...(clock === undefined ? {} : { clock }),
  });
  const mount = await mountImages({
    directory: request.directory,
    images: [...images.values()].map(({ toMount }) => toMount),
    onMiss: (missing) => {
      pager.miss(missing);
    },
    onMark: (marked) => {
      pager.marked(marked);
    },
    onEnd: () => undefined,
  });
  disposal.add('the mount', 1500, () => mount.unmount());
  disposal.add('what was fetched', 1000, () => mount.sync());
  disposal.add('the pager', 100, () => {
    pager.stop();
    return Promise.resolve();
  });
  pager.attach(mount);
  return {
    async [Symbol.asyncDispose]() {
      const [problem] = await disposal.dispose();
      if (problem !== undefined) throw problem;
    },
  };
}
