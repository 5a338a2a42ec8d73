import assert from 'node:assert/strict';
import type { Rectangle } from '../support/window-on-screen.js';
import { ShownWindow } from './support/shown-window.js';

describe('the window', function () {
  this.timeout(60_000);

  it('speaks German with those who do', async () => {
    await using window = new ShownWindow({ LANGUAGE: 'de' });
    await window.asked('shown');
    await window.element('Abbrechen');
    window.feed({ phase: 'failed', failure: 'unreachable' });
    await window.element('Der Rechner machines.example.org antwortet nicht.');
    await window.element('Prüfen Sie Ihre Verbindung, oder versuchen Sie es später erneut.');
    await window.press('Erneut versuchen');
    await window.asked('restart');
    await window.press('Maschine');
    await window.press('Info zu VMNetX');
    await window.element('Virtuelle Maschinen, die direkt von einem Webserver laufen');
  });

  it('is mirrored for those who read from right to left', async () => {
    await using window = new ShownWindow({ LANGUAGE: 'he' });
    await window.asked('shown');
    window.feed({
      phase: 'running',
      name: 'Machine',
      displaySocket: '/nowhere',
      accelerator: 'kvm',
      guestNetwork: 'unasked',
    });
    const place = async (name: string): Promise<Rectangle> => (await window.element(name)).place;
    assertFromLeft(await place('Quit'), await place('Network…'), await place('Restart'));
    const words = 'This machine came from a link, so it has no network.';
    assertFromLeft(await place('Dismiss'), await place('Allow…'), await place(words));
    window.feed({ phase: 'failed', failure: 'stopped' });
    assertFromLeft(await place('Try Again'), await place('Copy Details'));
  });
});

function assertFromLeft(...places: readonly Rectangle[]): void {
  const edges = places.map(({ x }) => x);
  assert.deepEqual(
    edges,
    edges.toSorted((one, other) => one - other),
  );
}
