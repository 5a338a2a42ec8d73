import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { until } from '../support/wait.js';
import { FirmwareGuest } from './support/firmware-guest.js';
import { ManagedDisplay } from './support/managed-display.js';
import { ShownWindow } from './support/shown-window.js';

const SCREEN = 'Screen of the machine';
const MENU = 'Machine';
const LEAVE = 'Leave Full Screen';
/** After so long, in milliseconds, what was pressed has had its effect. */
const HEARD = 300;
/** After so long, in milliseconds, the toolbar of the whole screen goes. */
const TOOLBAR_GOES = 1000;

describe('the keyboard of a window whose guest has every key', function () {
  this.timeout(60_000);
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
      accelerator: 'tcg',
      emulated: 'missing',
    });
    const { place } = await window.element(SCREEN);
    const middle = [place.x + place.width / 2, place.y + place.height / 2].map(Math.round);
    await xdotool('mousemove', ...middle.map(String));
  });

  after(async () => {
    await window[Symbol.asyncDispose]();
    await guest[Symbol.asyncDispose]();
    await display[Symbol.asyncDispose]();
  });

  const xdotool = (...words: readonly string[]) => display.run('xdotool', ...words);

  const pressKeys = (...keys: readonly string[]) => xdotool('key', ...keys);

  async function release(between: readonly string[] = []): Promise<void> {
    await xdotool('keydown', 'Control_L', 'keydown', 'Alt_L', ...between, 'keyup', 'Alt_L', 'keyup', 'Control_L'); // prettier-ignore
  }

  async function isAt(name: string): Promise<boolean> {
    return (await window.elements()).some((one) => one.focused && one.name === name);
  }

  const comesTo = (name: string): Promise<void> =>
    until(`${name} has the keyboard`, () => isAt(name));

  it('stays with the guest whatever is pressed, also with Ctrl+Alt and another key', async () => {
    await comesTo(SCREEN);
    await pressKeys('Tab', 'F10', 'Escape');
    await release(['key', 'Delete']);
    await pause(HEARD);
    await comesTo(SCREEN);
  });

  it('goes to the menu by Ctrl+Alt alone, and back by Escape', async () => {
    await release();
    await comesTo(MENU);
    await pressKeys('space');
    await window.element('About VMNetX');
    await pressKeys('Escape');
    await comesTo(MENU);
    await pressKeys('Escape');
    await comesTo(SCREEN);
  });

  it('goes back when a banner is gone that had it', async () => {
    await release();
    await comesTo(MENU);
    await until('the banner has it', async () => {
      if (await isAt('Dismiss')) return true;
      await pressKeys('Tab');
      return false;
    });
    await pressKeys('space');
    await comesTo(SCREEN);
  });

  it('goes to the toolbar of the whole screen, which stays for as long', async () => {
    await pressKeys('F11');
    const hasBar = async () => (await window.namesLike(new RegExp(LEAVE))).length > 0;
    await until('it is full', hasBar);
    await until('the toolbar is gone', async () => !(await hasBar()));
    await release();
    await comesTo(MENU);
    await pause(TOOLBAR_GOES);
    const reached = new Set<string>([MENU]);
    for (let presses = 0; presses < 2; presses++) {
      await pressKeys('Tab');
      for (const { focused, name } of await window.elements()) if (focused) reached.add(name);
    }
    assert.deepEqual([...reached].sort(), [LEAVE, MENU, 'Quit'].sort());
    await pressKeys('Escape');
    await comesTo(SCREEN);
    await until('the toolbar is gone', async () => !(await hasBar()));
    await release();
    await comesTo(MENU);
    await pressKeys('F11');
    await until('it is a window', async () => (await window.namesLike(/^Restart$/)).length > 0);
    await comesTo(SCREEN);
  });
});
