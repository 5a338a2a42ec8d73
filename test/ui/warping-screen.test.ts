import assert from 'node:assert/strict';
import { FirmwareGuest } from './support/firmware-guest.js';
import { ShownWindow } from './support/shown-window.js';
import { WaylandDesktop } from './support/wayland-desktop.js';

describe('the window on a Wayland desktop', function () {
  this.timeout(60_000);

  it('goes to the X server for a guest without an absolute pointer, and only for that', async () => {
    await using desktop = await WaylandDesktop.start();
    await using guest = await FirmwareGuest.start('mouse');
    for (const isAbsolute of [true, false]) {
      await using window = new ShownWindow(desktop.environment);
      await window.asked('shown');
      window.feed({
        phase: 'running',
        name: 'Mouse',
        displaySocket: guest.socket,
        accelerator: 'kvm',
        pointer: { isAbsolute, mostMotions: null },
      });
      await window.element('Screen of the machine');
      const there = await desktop.x11Windows(window.pid);
      assert.equal(there.length === 0, isAbsolute);
      for (const id of there) assert.ok(await desktop.hasIcon(id), 'the icon is left behind');
    }
  });
});
