import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { output } from '../support/programs.js';
import { eventually, until } from '../support/wait.js';
import { FirmwareGuest } from './support/firmware-guest.js';
import { LitPixels } from './support/picture.js';
import { ShownWindow } from './support/shown-window.js';

const ALIKE = 0.97;

describe('what can be done with the screen of a machine', function () {
  this.timeout(120_000);
  let guest: FirmwareGuest;
  let window: ShownWindow;
  let home: string;

  const guestPicture = async (): Promise<LitPixels> => LitPixels.of(await guest.screen());
  const pictures = async (): Promise<readonly string[]> =>
    (await readdir(home)).filter((name) => name.endsWith('.png'));

  async function choose(...names: readonly string[]): Promise<void> {
    for (const name of ['Machine', ...names]) await window.press(name);
  }

  /** The lines of the boot menu are there, or those before it alone. */
  async function untilLines(menu: boolean, height: number): Promise<void> {
    await until(menu ? 'the boot menu opens' : 'the guest begins anew', async () => {
      const { height: now } = (await guestPicture()).bounds();
      return menu ? now > height + 20 : now <= height;
    });
  }

  before(async () => {
    home = await mkdtemp(join(tmpdir(), 'home-'));
    guest = await FirmwareGuest.start();
    window = new ShownWindow({ HOME: home, XDG_CONFIG_HOME: join(home, 'config') });
    await window.asked('shown');
    window.feed({
      phase: 'running',
      name: 'Windows 3.1/../x',
      displaySocket: guest.socket,
      accelerator: 'kvm',
    });
    await window.element('Screen of the machine');
    await until('the firmware writes', async () => (await guestPicture()).bounds().height > 40);
  });

  after(async () => {
    await window[Symbol.asyncDispose]();
    await guest[Symbol.asyncDispose]();
    await rm(home, { recursive: true });
  });

  it('is a picture of it, in a file with the machine’s name, by a key and by the menu', async () => {
    await output('xdotool', 'windowfocus', '--sync', await window.id(), 'key', 'F12');
    await window.element('The picture was saved.');
    await window.element('Open');
    const [name = ''] = await eventually('there is a picture', async () =>
      (await pictures()).length === 1 ? pictures() : undefined,
    );
    assert.match(name, /^Windows 3\.1 \.\. x \d{4}-\d\d-\d\d \d\d-\d\d-\d\d\.png$/);
    const picture = LitPixels.of(PNG.sync.read(await readFile(join(home, name))));
    const own = await guestPicture();
    assert.deepEqual([picture.width, picture.height], [own.width, own.height]);
    assert.ok(picture.likeness(own) >= ALIKE);

    await choose('Take Screenshot');
    await until('there is another', async () => (await pictures()).length === 2);
  });

  it('is to copy it', async () => {
    await choose('Copy Screenshot');
    await window.element('The picture is on the clipboard.');
    const bytes = await window.clipboardPicture();
    assert.ok(LitPixels.of(PNG.sync.read(bytes)).likeness(await guestPicture()) >= ALIKE);
  });

  it('is to send it keys that would never reach it', async () => {
    const { height } = (await guestPicture()).bounds();
    await output('xdotool', 'windowfocus', '--sync', await window.id(), 'key', 'Escape');
    await untilLines(true, height);
    await choose('Send Keys', 'Ctrl+Alt+Delete');
    await untilLines(false, height);
  });

  it('is not offered while there is none', async () => {
    window.feed({ phase: 'ended', how: 'shut-down' });
    await window.element('The machine has shut down.');
    await window.press('Machine');
    for (const name of ['Take Screenshot', 'Copy Screenshot', 'Shut Down', 'Reset', 'Power Off']) {
      assert.equal((await window.element(name)).sensitive, false, name);
    }
    assert.equal((await window.element('About VMNetX')).sensitive, true);
    await window.press('Machine');
  });
});
