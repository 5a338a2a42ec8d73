import assert from 'node:assert/strict';
import { until } from '../support/wait.js';
import { FirmwareGuest } from './support/firmware-guest.js';
import { ManagedDisplay } from './support/managed-display.js';
import { ShownWindow } from './support/shown-window.js';

const SCREEN = 'Screen of the machine';
const HINT = /^Press Ctrl\+Alt to release the pointer$/;

describe('the pointer of a guest that can only be told how far it moves', function () {
  this.timeout(60_000);
  let display: ManagedDisplay;
  let guest: FirmwareGuest;
  let window: ShownWindow;

  before(async () => {
    display = await ManagedDisplay.start();
    guest = await FirmwareGuest.start('mouse');
    window = new ShownWindow(display.environment);
    await window.asked('shown');
    show();
    await window.element(SCREEN);
  });

  after(async () => {
    await window[Symbol.asyncDispose]();
    await guest[Symbol.asyncDispose]();
    await display[Symbol.asyncDispose]();
  });

  function show(): void {
    const displaySocket = guest.socket;
    window.feed({ phase: 'running', name: 'Mouse', displaySocket, accelerator: 'kvm' });
  }

  const xdotool = (...words: readonly string[]) => display.run('xdotool', ...words);

  const isHinted = async () => (await window.namesLike(HINT)).length > 0;

  /** Clicks in the guest's screen until the pointer is its own. */
  async function grab(): Promise<void> {
    const { place } = await window.element(SCREEN);
    const middle = [place.x + place.width / 2, place.y + place.height / 2].map(Math.floor);
    await until('the pointer is the guest’s', async () => {
      await xdotool('mousemove', ...middle.map(String), 'click', '1');
      return isHinted();
    });
  }

  it('is its own after a click, until Ctrl+Alt, as the header says', async () => {
    assert.equal(await isHinted(), false);
    await grab();
    await xdotool('keydown', 'Control_L', 'keydown', 'Alt_L', 'keyup', 'Alt_L', 'keyup', 'Control_L'); // prettier-ignore
    await until('the pointer is free', async () => !(await isHinted()));
  });

  it('is free when a dialog wants it', async () => {
    await grab();
    await xdotool('key', 'ctrl+question');
    await until('the pointer is free', async () => !(await isHinted()));
    await window.element('Release pointer and keyboard');
    await xdotool('key', 'Escape');
  });

  it('is free when there is no screen any more', async () => {
    await grab();
    window.feed({ phase: 'ended', how: 'shut-down' });
    await window.element('The machine has shut down.');
    await until('the pointer is free', async () => !(await isHinted()));
    show();
  });

  it('is hinted at over the whole screen, too', async () => {
    await window.element(SCREEN);
    await xdotool('key', 'F11');
    await grab();
    await until(
      'the toolbar says it',
      async () => (await window.namesLike(/^Leave Full Screen$/)).length > 0,
    );
    await xdotool('key', 'F11');
    await until(
      'it is a window',
      async () => (await window.namesLike(/^Leave Full Screen$/)).length === 0,
    );
  });
});
