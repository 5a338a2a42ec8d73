import assert from 'node:assert/strict';
import { FirmwareGuest } from './support/firmware-guest.js';
import type { Rectangle } from '../support/window-on-screen.js';
import { LitPixels } from './support/picture.js';
import { output } from '../support/programs.js';
import { takeScreenshot } from '../support/screen.js';
import { ShownWindow } from './support/shown-window.js';
import { eventually, until } from '../support/wait.js';

const SCREEN = 'Screen of the machine';
/** Text that is drawn at its own size is the same but for a cursor that blinks. */
const ALIKE = 0.97;

describe('the screen of a machine', function () {
  this.timeout(120_000);
  let guest: FirmwareGuest;
  let window: ShownWindow;

  /** The part of the screen that the window gives to the guest's. */
  const shownPlace = async (): Promise<Rectangle> => (await window.element(SCREEN)).place;

  const shownPicture = async (): Promise<LitPixels> =>
    LitPixels.of(await takeScreenshot()).crop(await shownPlace());

  const guestPicture = async (): Promise<LitPixels> => LitPixels.of(await guest.screen());

  const hasText = (picture: LitPixels): boolean => picture.bounds().height > 40;

  /** Waits for the guest's firmware to have written its lines, and for the window to show them. */
  async function firmwareShown(): Promise<void> {
    await eventually(
      'the window shows the firmware’s lines',
      async () => {
        const [own, shown] = [await guestPicture(), await shownPicture()];
        return hasText(own) && shown.width === own.width && shown.likeness(own) >= ALIKE
          ? true
          : undefined;
      },
      30_000,
    );
  }

  const running = () =>
    ({
      phase: 'running',
      name: 'Firmware',
      displaySocket: guest.socket,
      accelerator: 'tcg',
    }) as const;

  before(async () => {
    guest = await FirmwareGuest.start();
    window = new ShownWindow();
    await window.asked('shown');
    window.feed(running());
  });

  after(async () => {
    await window[Symbol.asyncDispose]();
    await guest[Symbol.asyncDispose]();
  });

  it('is shown at its own size, pixel by pixel, in a window that fits it', async () => {
    await firmwareShown();
    const [own, place] = [await guestPicture(), await shownPlace()];
    assert.deepEqual([place.width, place.height], [own.width, own.height]);
  });

  it('is in a window that fits it also when a banner above it is dismissed', async () => {
    await using another = new ShownWindow();
    await another.asked('shown');
    another.feed({ ...running(), emulated: 'asked-for' });
    const height = async (): Promise<number> => (await another.element('Firmware')).place.height;
    const screen = async (): Promise<Rectangle> => (await another.element(SCREEN)).place;
    const own = await guestPicture();
    await until('it fits', async () => (await screen()).height === own.height);
    const before = await height();
    await another.press('Dismiss');
    await until('it is lower', async () => (await height()) < before);
    const { width, height: shown } = await screen();
    assert.deepEqual([width, shown], [own.width, own.height]);
  });

  it('would not pass for shown if it were a pixel aside', async () => {
    const own = await guestPicture();
    const aside = LitPixels.of(await takeScreenshot()).crop({
      ...(await shownPlace()),
      x: (await shownPlace()).x + 1,
    });
    assert.ok(aside.likeness(own) < ALIKE / 2);
  });

  it('gets the keys that are typed', async () => {
    const before = await guestPicture();
    assert.ok((await guestPicture()).likeness(before) > 0.9, 'nothing changes by itself');
    await output('xdotool', 'windowfocus', '--sync', await window.id(), 'key', 'Escape');
    await eventually('the boot menu opens', async () =>
      (await guestPicture()).bounds().height > before.bounds().height + 20 ? true : undefined,
    );
    await firmwareShown();
  });

  it('is scaled to a window of another shape with its own shape kept', async () => {
    const own = await guestPicture();
    await output('xdotool', 'windowsize', '--sync', await window.id(), '1200', '620');
    const { width, height } = await eventually('the screen has grown', async () => {
      const place = await shownPlace();
      return place.width > 1000 ? place : undefined;
    });
    const scale = Math.min(width / own.width, height / own.height);
    const left = (width - own.width * scale) / 2;
    const top = (height - own.height * scale) / 2;
    const text = own.bounds();
    const expected = [
      left + text.x * scale,
      top + text.y * scale,
      text.width * scale,
      text.height * scale,
    ];
    await eventually('the text is where it belongs', async () => {
      const { x, y, width: wide, height: high } = (await shownPicture()).bounds();
      const found = [x, y, wide, high];
      return found.every((value, i) => Math.abs(value - (expected[i] ?? NaN)) <= 3)
        ? true
        : undefined;
    });
  });

  it('takes the keyboard from no menu when there is news of the network', async () => {
    const away = (tries: number) => ({ since: Date.now(), tries, failure: 'unreachable' }) as const;
    const isSaid = async (tried: string): Promise<true | undefined> =>
      (await window.namesLike(new RegExp(tried))).length > 0 ? true : undefined;
    window.feed({ ...running(), away: away(1) });
    await window.press('Machine');
    await window.element('Power Off');
    window.feed({ ...running(), away: away(7) });
    await eventually('the news is there', () => isSaid('tried 7 times'));
    assert.deepEqual(await window.namesLike(/^Power Off$/), ['Power Off']);
    await window.press('Machine');
    window.feed(running());
    await eventually('it is over', async () => ((await isSaid('tried')) ? undefined : true));
  });

  it('comes back by itself when the machine starts again on the same socket', async () => {
    await guest.powerOff();
    await window.element('Opening the machine’s screen…');
    await guest.boot();
    await window.element(SCREEN);
    await eventually('the text is back', async () =>
      hasText(await shownPicture()) ? true : undefined,
    );
  });

  it('gives way to the page that says that the machine has shut down', async () => {
    window.feed({ phase: 'ended', how: 'shut-down' });
    await window.element('The machine has shut down.');
    assert.ok(!(await window.elements()).some(({ name }) => name === SCREEN));
  });

  it('is shown again after that', async () => {
    window.feed({
      phase: 'running',
      name: 'Firmware',
      displaySocket: guest.socket,
      accelerator: 'kvm',
    });
    await window.element(SCREEN);
    await eventually('the text is back', async () =>
      hasText(await shownPicture()) ? true : undefined,
    );
  });

  it('does not keep the window from ending in time', async () => {
    const begin = performance.now();
    window.signal('SIGTERM');
    assert.deepEqual(await window.ended, { status: 0, stderr: '' });
    assert.ok(performance.now() - begin < 5000);
  });
});
