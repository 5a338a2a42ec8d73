/**
 * screenshots [NAME…]: pictures of the window as it comes about, on a desktop of its own: each page, banner
 * and dialog by its real cause. Leaves them in build/screenshots; a NAME is that of a scene, all without.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { LOOKS } from './lib/screenshots/look.js';
import { RUNNING_SCENES } from './lib/screenshots/running-scenes.js';
import { STARTING_SCENES } from './lib/screenshots/starting-scenes.js';
import { Studio } from './lib/screenshots/studio.js';

const FOLDER = join(import.meta.dirname, '../../build/screenshots');
/** Without an alpha channel, and compressed as far as that goes: even areas and text want no filter. */
const FORMAT = { colorType: 2, filterType: 0, deflateStrategy: 0, deflateLevel: 9 } as const;

const wanted = process.argv.slice(2);
const scenes = [...STARTING_SCENES, ...RUNNING_SCENES].filter(
  ({ name }) => wanted.length === 0 || wanted.includes(name),
);
let failed = false;
await mkdir(FOLDER, { recursive: true });
{
  await using studio = await Studio.prepare();
  for (const look of LOOKS) {
    for (const scene of scenes.filter(({ looks }) => looks.includes(look))) {
      process.stdout.write(`${scene.name}, ${look.name}\n`);
      try {
        await scene.play(studio, look, async (name, picture) => {
          const path = join(FOLDER, `${name}-${look.name}.png`);
          await writeFile(path, PNG.sync.write(await picture, FORMAT));
        });
      } catch (error) {
        failed = true;
        process.stderr.write(`${scene.name}, ${look.name}: ${String(error)}\n`);
        await studio.clear();
      }
    }
  }
}
process.exit(failed ? 1 : 0);
