import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { command } from '../../scripts/command.js';
import { OURS } from '../results.js';
import { startMounted } from './mounted.js';
import { PACKAGE_NAME, type Session, type Subject } from './subject.js';

/** `vmnetx mount` with a store of its own, empty at first. */
export const vmnetx: Subject = {
  name: OURS,
  hasPageCache: true,
  fetches: true,
  writable: true,
  needs: null,
  start: (place, _, signal) => mountPackage(place.origin, PACKAGE_NAME, place.folder, signal),
  commands: () => [`vmnetx mount URL/${PACKAGE_NAME} FOLDER/mount`],
};

export async function mountPackage(
  origin: string,
  name: string,
  folder: string,
  signal: AbortSignal,
): Promise<Session> {
  const directory = `${folder}/mount`;
  await mkdir(directory);
  // Where users have it, in memory; else with the rest.
  const runtime = await mkdtemp(`${process.env['XDG_RUNTIME_DIR'] ?? folder}/vmnetx-bench-`);
  const removeRuntime = (): Promise<void> => rm(runtime, { recursive: true, force: true });
  const environment = {
    PATH: process.env['PATH'],
    HOME: folder,
    XDG_CACHE_HOME: `${folder}/cache`,
    XDG_STATE_HOME: `${folder}/state`,
    XDG_CONFIG_HOME: `${folder}/config`,
    XDG_RUNTIME_DIR: runtime,
  };
  const words = [command('vmnetx'), 'mount', `${origin}/${name}`, directory];
  const ready = (said: string): boolean => said.includes(`mounted ${directory}`);
  const mounting = { words, environment, directory, file: 'disk', ready };
  try {
    const session = await startMounted(mounting, signal);
    const end = async (): Promise<void> => {
      await session.end();
      await removeRuntime();
    };
    return { ...session, end };
  } catch (error) {
    await removeRuntime();
    throw error;
  }
}
