import { dirname } from 'node:path';
import {
  cacheDirectory,
  runtimeDirectory,
  stateDirectory,
  type Environment,
} from '../../places/index.js';
import { effectiveLimit, storeOptions } from '../../store/index.js';
import { formatSize } from '../../text/index.js';
import { bad, good, warning, type Check } from '../check.js';
import { folderFault, lookAt } from '../folder.js';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;
/** A machine of today touches some hundred megabytes of its disk while it starts. */
const COMFORTABLE_BYTES = GIB;
/** Not enough for what a system writes while it starts. */
const TOO_FEW_BYTES = 64 * MIB;
/** Sockets and records take some kilobytes. */
const RUNTIME_BYTES = MIB;

export const cacheFolder: Check = {
  id: 'cache-folder',
  title: 'Space for fetched data',
  needed: false,
  examine: async ({ environment, userId }) => {
    const path = cacheDirectory(environment);
    const meaning = 'Machines run, but all that they read is fetched again each time.';
    const place = await lookAt(path, userId);
    const fault =
      folderFault(place) ??
      (place.isGuarded ? null : `Others may write to ${path}, or it is only a link.`);
    if (fault !== null) {
      return warning(fault, meaning, 'Correct that, or have XDG_CACHE_HOME name another folder.');
    }
    const limit = await limitWords(environment);
    const found = `${formatSize(place.freeBytes)} are free for ${path}${limit}.`;
    return place.freeBytes < COMFORTABLE_BYTES
      ? warning(
          found,
          'Little of what machines read is kept; the rest is fetched again each time.',
          'Make room there, or have XDG_CACHE_HOME name a folder with more.',
        )
      : good(found, 'What machines have read once need not be fetched again.');
  },
};

/** Settings that cannot be read are told of by themselves. */
async function limitWords(environment: Environment): Promise<string> {
  try {
    const bytes = await effectiveLimit(await storeOptions(environment));
    return `, of which VMNetX takes ${formatSize(bytes)} at most`;
  } catch {
    return '';
  }
}

export const stateFolder: Check = {
  id: 'state-folder',
  title: 'Space for what machines write',
  needed: true,
  examine: async ({ environment, userId }) => {
    const path = stateDirectory(environment);
    const meaning = 'What a machine writes while it runs is kept there until it is closed.';
    const advice = 'Make room there, or have XDG_STATE_HOME name a folder with more.';
    const place = await lookAt(path, userId);
    const fault = folderFault(place);
    if (fault !== null) {
      return bad(fault, meaning, 'Correct that, or have XDG_STATE_HOME name another folder.');
    }
    const found = `${formatSize(place.freeBytes)} are free for ${path}.`;
    if (place.freeBytes < TOO_FEW_BYTES) return bad(found, meaning, advice);
    return place.freeBytes < COMFORTABLE_BYTES
      ? warning(found, meaning, advice)
      : good(found, meaning);
  },
};

export const runtimeFolder: Check = {
  id: 'runtime-folder',
  title: 'Private folder for sockets',
  needed: true,
  examine: async ({ environment, userId }) => {
    const meaning = 'The sockets and mounts of machines lie in a folder that only you can enter.';
    const advice =
      'Log in to a desktop session, or have XDG_RUNTIME_DIR name a folder of yours with mode 0700.';
    const path = runtimeDirectory(environment);
    if (path === null) return bad('There is none: XDG_RUNTIME_DIR is not set.', meaning, advice);
    const place = await lookAt(path, userId);
    const isNamed = [path, dirname(path)].includes(place.nearest);
    const fault =
      (isNamed ? null : `There is no ${dirname(path)}, which XDG_RUNTIME_DIR names.`) ??
      folderFault(place) ??
      (place.isPrivate ? null : `Others can enter ${place.nearest}.`) ??
      (place.freeBytes < RUNTIME_BYTES ? `Nothing is free for ${path}.` : null);
    return fault === null
      ? good(`${place.nearest} is yours alone.`, meaning)
      : bad(fault, meaning, advice);
  },
};
