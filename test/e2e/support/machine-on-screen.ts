import { readdir, readFile } from 'node:fs/promises';
import { PNG } from 'pngjs';
import { output } from '../../support/programs.js';
import { WindowOnScreen } from '../../support/window-on-screen.js';
import type { Placement } from '../../support/picture.js';
import { cardHeight, cardWidth } from '../../support/test-pattern.js';
import { takeScreenshot } from '../../support/screen.js';

/** What the display's widget is called for screen readers. */
const SCREEN = 'Screen of the machine';

/** A window of the program as its user has it: a picture, a keyboard, a mouse. */
export class MachineOnScreen extends WindowOnScreen {
  picture(): Promise<PNG> {
    return takeScreenshot();
  }

  /** Where the guest's screen has to be: as large as its widget allows, in the middle of it. */
  async placement(): Promise<Placement> {
    const { place } = await this.element(SCREEN);
    const scale = Math.min(place.width / cardWidth, place.height / cardHeight);
    return {
      x: place.x + (place.width - cardWidth * scale) / 2,
      y: place.y + (place.height - cardHeight * scale) / 2,
      scale,
    };
  }

  async pressKey(key: string): Promise<void> {
    await output('xdotool', 'windowfocus', '--sync', await this.id());
    await output('xdotool', 'key', key);
  }

  /** Clicks at a place of the guest's screen, in its own pixels. */
  async click(x: number, y: number): Promise<void> {
    const at = await this.placement();
    const where = [at.x + (x + 0.5) * at.scale, at.y + (y + 0.5) * at.scale].map(Math.floor);
    await output('xdotool', 'mousemove', '--sync', ...where.map(String));
    await output('xdotool', 'click', '1');
  }
}

/** The process of a window that somebody else started, by a word of its command line. */
export async function findWindowProcess(word: string): Promise<number | undefined> {
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    const words = command.split('\0');
    if (words.some((part) => part.endsWith('launcher.cjs')) && words.includes(word))
      return Number(pid);
  }
  return undefined;
}
