import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Picture } from '../support/picture.js';
import { until } from '../support/wait.js';
import type { Rectangle } from '../support/window-on-screen.js';
import { ManagedDisplay } from './support/managed-display.js';
import { ShownWindow } from './support/shown-window.js';
import { StripedScreen } from './support/striped-screen.js';

const SCREEN = 'Screen of the machine';
const STATES = ['Fit to Window', 'Original Size', 'Smooth Scaling'];
/** So many pixels are looked at. */
const LINE = 180;
const GUEST = { width: 400, height: 300 };

describe('the guest’s screen in the window', function () {
  this.timeout(60_000);
  let folder: string;
  let display: ManagedDisplay;
  let window: ShownWindow;
  let screen: StripedScreen;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'scaled-screen-'));
    display = await ManagedDisplay.start();
    window = new ShownWindow(display.environment);
    await window.asked('shown');
    screen = await show('first', GUEST.width, GUEST.height);
  });

  after(async () => {
    await window[Symbol.asyncDispose]();
    await screen[Symbol.asyncDispose]();
    await display[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  async function show(name: string, width: number, height: number): Promise<StripedScreen> {
    const displaySocket = join(folder, name);
    const server = await StripedScreen.start(displaySocket, width, height);
    window.feed({ phase: 'running', name: 'Stripes', displaySocket, accelerator: 'kvm' });
    await window.element(SCREEN);
    return server;
  }

  /** Waits until the menu is closed again: what shows a state there leaves it open. */
  async function choose(name: string): Promise<void> {
    const words = ['Machine', 'Scaling', name, ...(STATES.includes(name) ? ['Machine'] : [])];
    for (const word of words) await window.press(word);
    await until('the menu is closed', async () => {
      return (await window.namesLike(/^Zoom In$/)).length === 0;
    });
  }

  const place = async (): Promise<Rectangle> => (await window.element(SCREEN)).place;

  async function hasSize(width: number, height: number): Promise<void> {
    await until(`the screen has ${width} × ${height}`, async () => {
      const at = await place();
      return at.width === width && at.height === height;
    });
  }

  /** Gives the window a width by way of the window manager, which counts its border, too. */
  async function widen(width: number): Promise<void> {
    const ids = await display.run('xdotool', 'search', '--onlyvisible', '--pid', `${window.pid}`);
    const [id = ''] = ids.split('\n');
    const ask = (asked: number) => display.run('xdotool', 'windowsize', id, `${asked}`, '700');
    await ask(width);
    await until('it is wider', async () => (await place()).width > width / 2 + 50);
    await ask(2 * width - (await place()).width);
    await until('it is as wide', async () => (await place()).width === width);
  }

  /** Red values of a row of the desktop's pixels, from the left edge of the guest's screen. */
  async function line(): Promise<readonly number[]> {
    const { x, y, height } = await place();
    const picture = await display.picture();
    const row = Math.floor(y + height / 3) * picture.width;
    return Array.from({ length: LINE }, (_, i) => picture.data[4 * (row + x + i)] ?? -1);
  }

  async function untilLine(what: string, isSo: (values: readonly number[]) => boolean) {
    await until(what, async () => isSo(await line()));
  }

  /** White and black in turn, each so many pixels wide. */
  const isStriped = (values: readonly number[], width: number): boolean =>
    values.every((value, x) => value === (Math.floor(x / width) % 2 === 0 ? 255 : 0));

  const isBlack = ({ data, width }: Picture, x: number, y: number): boolean =>
    data
      .subarray(4 * (y * width + x))
      .subarray(0, 3)
      .every((value) => value === 0);

  const isGrey = (value: number): boolean => value > 20 && value < 235;

  /** The screen at so many times its size gets what is done with the pointer where it is done. */
  async function pointsRight(scale: number): Promise<void> {
    const at = await place();
    const [left, top] = [at.width - GUEST.width * scale, at.height - GUEST.height * scale];
    for (const [x, y] of [
      [3, 60],
      [310, 170],
    ] as const) {
      const where = [at.x + left / 2 + (x + 0.5) * scale, at.y + top / 2 + (y + 0.5) * scale];
      const [across = '', down = ''] = where.map((value) => String(Math.floor(value)));
      await until(`the pointer is at ${x}, ${y}`, async () => {
        // The first motion of all is only where the pointer comes from.
        await display.run('xdotool', 'mousemove', '400', '300');
        await display.run('xdotool', 'mousemove', across, down);
        return screen.pointer?.x === x && screen.pointer.y === y;
      });
    }
  }

  it('has its own size at first', async () => {
    await hasSize(GUEST.width, GUEST.height);
    await untilLine('each pixel is one', (values) => isStriped(values, 1));
    await pointsRight(1);
  });

  it('is enlarged to fit, in sharp squares', async () => {
    await widen(2 * GUEST.width);
    await untilLine('each pixel is four', (values) => isStriped(values, 2));
    await pointsRight(2);
  });

  it('is blurred for who wants that', async () => {
    await choose('Smooth Scaling');
    await untilLine('there is grey', (values) => values.some(isGrey));
    await choose('Smooth Scaling');
    await untilLine('each pixel is four again', (values) => isStriped(values, 2));
  });

  it('is in the middle, on black, at its original size', async () => {
    await choose('Original Size');
    await hasSize(GUEST.width, GUEST.height);
    await untilLine('each pixel is one', (values) => isStriped(values, 1));
    const { x, y } = await place();
    await until('it is on black', async () => {
      const picture = await display.picture();
      return isBlack(picture, x - 1, y + 9) && isBlack(picture, x + 9, y - 1);
    });
    await pointsRight(1);
  });

  it('is zoomed in steps', async () => {
    await choose('Zoom In');
    await hasSize(GUEST.width * 1.25, GUEST.height * 1.25);
    for (let steps = 0; steps < 2; steps++) await choose('Zoom In');
    await hasSize(GUEST.width * 2, GUEST.height * 2);
    await untilLine('each pixel is four', (values) => isStriped(values, 2));
    await pointsRight(2);
    for (let steps = 0; steps < 5; steps++) await choose('Zoom Out');
    await hasSize(GUEST.width / 2, GUEST.height / 2);
    await untilLine('the lines melt', (values) => values.every(isGrey));
  });

  it('keeps its scale with another resolution, and has bars where there is no room', async () => {
    await choose('Original Size');
    await screen[Symbol.asyncDispose]();
    screen = await show('second', 1600, 900);
    await hasSize(1600, 900);
    await untilLine('each pixel is one', (values) => isStriped(values, 1));
  });

  it('is shrunk to fit, and its pixels melt', async () => {
    await choose('Fit to Window');
    await until('it fits', async () => (await place()).width < 1024);
    await untilLine('there is grey', (values) => values.some(isGrey));
  });

  it('gives the window its size, though it had the whole screen', async () => {
    await screen[Symbol.asyncDispose]();
    screen = await show('third', 400, 300);
    await display.run('xdotool', 'key', '--clearmodifiers', 'F11');
    await until('it is large', async () => (await place()).width === 1024);
    await choose('Resize Window to Guest');
    await hasSize(400, 300);
  });
});
