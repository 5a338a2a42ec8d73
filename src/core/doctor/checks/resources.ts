import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatSize } from '../../text/index.js';
import { bad, good, unknown, warning, type Check } from '../check.js';

/** Desktops of 2010 and later want so much. */
const COMFORTABLE_BYTES = 1024 ** 3;

export const capacity: Check = {
  id: 'capacity',
  title: 'Memory and processors',
  needed: false,
  examine: ({ capacity: { memoryBytes, processors } }) => {
    const count = processors === 1 ? '1 processor' : `${processors} processors`;
    const found = `A machine may have ${formatSize(memoryBytes)} of memory and ${count}.`;
    const meaning = 'One that wants more is started with less.';
    return Promise.resolve(
      memoryBytes < COMFORTABLE_BYTES
        ? warning(found, meaning, 'Large machines need a computer with more memory.')
        : good(found, meaning),
    );
  },
};

/** Open files that a session needs, with room. */
const OPEN_FILES = 256;

export const limits: Check = {
  id: 'limits',
  title: 'Limits of the account',
  needed: true,
  examine: async ({ root }) => {
    const text = await readFile(join(root, 'proc/self/limits'), 'utf8').catch(() => '');
    const of = (name: string): number | null => {
      const word = new RegExp(`^${name} +(\\S+)`, 'm').exec(text)?.[1];
      return word === undefined ? null : word === 'unlimited' ? Infinity : Number(word);
    };
    const [files, fileBytes, memory] = ['Max open files', 'Max file size', 'Max address space'].map(
      of,
    );
    if (files === undefined || files === null) {
      return unknown('They cannot be read.', 'Too narrow ones end machines.');
    }
    const narrow = [
      ...(files < OPEN_FILES ? [`${files} open files (ulimit -n)`] : []),
      ...(fileBytes === Infinity ? [] : ['the size of files (ulimit -f)']),
      ...(memory === Infinity ? [] : ['the memory of programs (ulimit -v)']),
    ];
    return narrow.length === 0
      ? good('None is in the way.', `Programs may have ${files} files open.`)
      : bad(
          `They are narrow: ${narrow.join(', ')}.`,
          'Machines may fail to start, or stop suddenly.',
          'Have them raised, where they are set: the shell’s ulimit, or /etc/security/limits.conf.',
        );
  },
};
