import { copyFile } from 'node:fs/promises';
import { RAW } from '../results.js';
import type { Subject } from './subject.js';

/** A copy of the image on the same disk: what no file system in user space can exceed. */
export const raw: Subject = {
  name: RAW,
  hasPageCache: true,
  fetches: false,
  writable: true,
  needs: null,
  async start({ imagePath, folder }) {
    const path = `${folder}/disk`;
    await copyFile(imagePath, path);
    return { target: { kind: 'file', path }, pid: null, end: () => Promise.resolve() };
  },
  commands: () => [],
};
