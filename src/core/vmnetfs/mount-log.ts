import { errorValues, SparingLog, type Log } from '../log/index.js';
import type { MountRequest } from './protocol.js';
import type { PackageMount, PackageMountListener } from './package-mount.js';

/** Writes down what becomes of a mount. */
export class MountLog {
  readonly #log: Log;
  readonly #requests: SparingLog;
  #ended = false;

  constructor(log: Log) {
    this.#log = log;
    this.#requests = new SparingLog(log);
  }

  begin({ images }: MountRequest): void {
    const sizes = images.map(({ name, sizeBytes }) => [`${name}Bytes`, sizeBytes] as const);
    this.#log.info('The images are being mounted', Object.fromEntries(sizes));
  }

  mounted(): void {
    this.#log.info('The images are mounted');
  }

  crashed(error: unknown): void {
    this.#log.error('vmnetfs crashed', errorValues(error));
  }

  failed(error: unknown): void {
    this.#log.error('The images were not mounted', errorValues(error));
  }

  /** The same listener, and what it is told is written down. */
  listen(listener: PackageMountListener): PackageMountListener {
    let away = false;
    return {
      ...listener,
      onRetry: (error, tries) => {
        this.#requests.write('info', 'A request is tried again', { tries, ...errorValues(error) });
        listener.onRetry?.(error, tries);
      },
      onFetchFailed: (error) => {
        this.#log.error('Bytes that are wanted cannot be had', errorValues(error));
        listener.onFetchFailed(error);
      },
      onNetwork: (state) => {
        if (state.away && !away) {
          this.#log.warning('The network is away', errorValues(state.error));
        } else if (!state.away && away) {
          this.#log.info('The network is back');
        }
        away = state.away;
        listener.onNetwork(state);
      },
      onCaching: (problem) => {
        if (problem === null) this.#log.info('What is fetched is kept again');
        else this.#log.warning('What is fetched is not kept', errorValues(problem));
        listener.onCaching(problem);
      },
      onUnmounted: () => {
        this.#log.error('The mount was removed from outside');
        listener.onUnmounted();
      },
    };
  }

  /** The mount is about to end. May be called twice. */
  end(mount: PackageMount | null): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#requests.flush();
    if (mount !== null) this.#log.info('The mount ends', { ...mount.cost() });
  }
}
