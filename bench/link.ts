import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { startDelayProxy, type DelayProxy } from '../test/support/delay-proxy.js';
import { startNginx } from '../test/support/nginx.js';
import type { LinkShape } from './plan.js';

/** A web server, and what lies between it and the subjects. */
export interface Link {
  /** What a table calls it. */
  readonly name: string;
  readonly origin: string;
  /** Another URL of what is served, whose requests are counted apart. */
  counted(): Promise<string>;
  /**
   * Ends all connections, after which nothing more is sent.
   *
   * @returns the bytes of bodies sent for each URL of {@link counted}, by the server's log
   */
  finish(): Promise<ReadonlyMap<string, number>>;
  /** May be called twice, also after {@link finish}. */
  close(): Promise<void>;
}

/** So that names are not given twice: several links may serve one folder. */
let names = 0;

/**
 * @param folder gets a symbolic link to itself for each URL that is counted
 * @param shape null for loopback as it is
 */
export async function openLink(folder: string, shape: LinkShape | null): Promise<Link> {
  const nginx = await startNginx(folder);
  let proxy: DelayProxy | null = null;
  try {
    if (shape !== null) proxy = await startProxy(nginx.origin, shape);
  } catch (error) {
    await nginx.stop();
    throw error;
  }
  const { origin } = proxy ?? nginx;
  const paths: string[] = [];
  return {
    name: nameOf(shape),
    origin,
    async counted() {
      const path = `/counted-${++names}`;
      await symlink('.', join(folder, path));
      paths.push(path);
      return origin + path;
    },
    async finish() {
      await proxy?.stop();
      const requests = await nginx.requests();
      return new Map(
        paths.map((path) => {
          const own = requests.filter((request) => request.path.startsWith(`${path}/`));
          return [origin + path, own.reduce((sum, { bodyBytes }) => sum + bodyBytes, 0)];
        }),
      );
    },
    async close() {
      await proxy?.stop();
      await nginx.stop();
    },
  };
}

function nameOf(shape: LinkShape | null): string {
  if (shape === null) return 'unthrottled';
  return `${shape.megabitsPerSecond} Mbit/s, ${shape.roundTripMilliseconds} ms`;
}

async function startProxy(origin: string, shape: LinkShape): Promise<DelayProxy> {
  const { roundTripMilliseconds, megabitsPerSecond } = shape;
  const bitsPerSecond = megabitsPerSecond * 1e6;
  const port = Number(new URL(origin).port);
  return await startDelayProxy({ port, roundTripMilliseconds, bitsPerSecond });
}
