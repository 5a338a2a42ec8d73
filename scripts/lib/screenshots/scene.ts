import type { PNG } from 'pngjs';
import type { Look } from './look.js';
import type { Studio } from './studio.js';

/** Keeps a picture under a name, to which that of the look is added. */
export type Take = (name: string, picture: Promise<PNG>) => Promise<void>;

/** Something that happens to the program, of which pictures are taken. */
export interface Scene {
  readonly name: string;
  readonly looks: readonly Look[];
  readonly play: (studio: Studio, look: Look, take: Take) => Promise<void>;
}
