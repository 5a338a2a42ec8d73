import assert from 'node:assert/strict';
import { until } from '../support/wait.js';
import { FirmwareGuest } from './support/firmware-guest.js';
import { ManagedDisplay } from './support/managed-display.js';
import { ShownWindow } from './support/shown-window.js';

const SCREEN = { width: 1024, height: 768 };
const MIDDLE = ['512', '400'] as const;
const LEAVE = 'Leave Full Screen';

describe('the window over the whole screen', function () {
  this.timeout(120_000);
  let display: ManagedDisplay;
  let guest: FirmwareGuest;
  let window: ShownWindow;

  before(async () => {
    display = await ManagedDisplay.start();
    guest = await FirmwareGuest.start();
    window = new ShownWindow(display.environment);
    await window.asked('shown');
    window.feed({
      phase: 'running',
      name: 'Firmware',
      displaySocket: guest.socket,
      accelerator: 'kvm',
    });
    await window.element('Screen of the machine');
  });

  after(async () => {
    await window[Symbol.asyncDispose]();
    await guest[Symbol.asyncDispose]();
    await display[Symbol.asyncDispose]();
  });

  const pointTo = (...at: readonly [x: string, y: string]): Promise<string> =>
    display.run('xdotool', 'mousemove', '--sync', ...at);

  async function press(key: string): Promise<void> {
    const [id = ''] = (
      await display.run('xdotool', 'search', '--onlyvisible', '--pid', String(window.pid))
    ).split('\n');
    await display.run('xdotool', 'windowfocus', '--sync', id, 'key', key);
  }

  /** Whether the guest's screen has all of the display. */
  async function isFull(): Promise<boolean> {
    const { place } = await window.element('Screen of the machine');
    return place.width === SCREEN.width && place.height === SCREEN.height;
  }

  const hasBar = async (): Promise<boolean> =>
    (await window.namesLike(new RegExp(LEAVE))).length > 0;

  it('is there by a key, with the guest’s screen from edge to edge', async () => {
    await pointTo(...MIDDLE);
    assert.equal(await isFull(), false);
    await press('F11');
    await until('it is full', isFull);
  });

  it('says how it is left, and takes that away again', async () => {
    assert.ok((await window.namesLike(/^F11 leaves full screen$/)).length > 0);
    await until('the toolbar is gone', async () => !(await hasBar()));
  });

  it('has its toolbar when the pointer comes to the upper edge, until it goes', async () => {
    await pointTo('300', '0');
    await until('the toolbar is there', hasBar);
    await pointTo(...MIDDLE);
    await until('the toolbar is gone', async () => !(await hasBar()));
  });

  it('is left by the toolbar, and by the key', async () => {
    await pointTo('300', '0');
    await window.press(LEAVE);
    await until('it is a window', async () => !(await isFull()));
    assert.equal(await hasBar(), false);
    await pointTo(...MIDDLE);
    await press('F11');
    await until('it is full', isFull);
    await press('F11');
    await until('it is a window', async () => !(await isFull()));
  });

  it('is there by the menu', async () => {
    await window.press('Machine');
    await window.press('Full Screen');
    await until('it is full', isFull);
    await press('F11');
    await until('it is a window', async () => !(await isFull()));
  });

  it('is there from the start for who wants that, and is left as any', async () => {
    await using first = new ShownWindow({ ...display.environment, TEST_FULL_SCREEN: '1' });
    const hasAll = async (): Promise<boolean> => {
      const frame = (await first.elements()).find(({ role }) => role === 'frame');
      return frame?.place.width === SCREEN.width && frame.place.height === SCREEN.height;
    };
    await until('it is full', hasAll);
    await first.press(LEAVE);
    await until('it is a window', async () => !(await hasAll()));
  });
});
