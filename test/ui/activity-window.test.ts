import assert from 'node:assert/strict';
import type { PNG } from 'pngjs';
import { CHUNK_STATE } from '../../src/core/chunkfs/index.js';
import { PACE_SECONDS } from '../../src/core/vmnetfs/index.js';
import { DARK, type Colour } from '../../src/ui/activity/palette.js';
import { output } from '../support/programs.js';
import { takeScreenshot } from '../support/screen.js';
import { eventually } from '../support/wait.js';
import type { ScriptedImage } from './fixtures/scripted-activity.js';
import { ShownWindow } from './support/shown-window.js';

const { present, touched, modified, presentAtMount } = CHUNK_STATE;

const disk: ScriptedImage = {
  image: 'disk',
  chunkCount: 1000,
  sizeBytes: 131_072_000,
  changes: [
    [0, 300, present | presentAtMount],
    [300, 50, present],
    [350, 25, present | touched],
    [990, 4, modified],
    [994, 6, present | touched | modified],
  ],
  bytesRead: 1_250_000,
  bytesWritten: 50_000,
  blocksModified: 10,
};
const memory: ScriptedImage = {
  image: 'memory',
  chunkCount: 8,
  sizeBytes: 1_048_576,
  changes: [[0, 8, present | touched]],
};
const second = { bytesPerSecond: 2_500_000, roundTripMilliseconds: 42 };
const idle = { bytesPerSecond: 0, roundTripMilliseconds: null };
const first = { anew: true, bytesReceived: 3e6, pace: [second], images: [disk, memory] };

async function opened(environment: Readonly<Record<string, string>> = {}): Promise<ShownWindow> {
  const window = new ShownWindow(environment);
  await window.asked('shown');
  await window.press('Machine');
  await window.press('Activity');
  await window.asked('watch');
  return window;
}

describe('the window of a machine’s activity', function () {
  this.timeout(60_000);
  let window: ShownWindow;

  before(async () => {
    window = await opened();
  });

  after(async () => {
    window.signal('SIGTERM');
    // GTK complains of what is used in a wrong way.
    const ended = await window.ended;
    await window[Symbol.asyncDispose]();
    assert.deepEqual(ended, { status: 0, stderr: '' });
  });

  it('says how much of each image is fetched, and what became of its chunks', async () => {
    await window.element('The machine has no disk yet.');
    window.tell(first);
    await window.element('38% of 131 MB fetched');
    await window.element('100% of 1 MB fetched');
    const { description, role } = await window.element('Map of the disk');
    assert.equal(role, 'drawing area');
    assert.equal(
      description,
      'The image has 1,000 chunks. 615 are not fetched. 300 were fetched before. ' +
        '50 were fetched ahead. 25 were read. 4 were written. 6 were read and written.',
    );
    await window.element('Map of the memory');
    for (const figure of ['1.2 MB', '3 MB', '50 kB', '40 kB']) await window.element(figure);
  });

  it('says how fast the network is, now and in the last minutes', async () => {
    window.tell(first);
    await window.element('2.5 MB/s');
    await window.element('42 ms');
    window.tell({ anew: false, pace: [idle, idle], images: [] });
    const elsewhere = 'At most 42 ms in the last minutes';
    await eventually('both are told', async () =>
      (await window.elements()).find(({ description }) => description === elsewhere),
    );
    await window.element('0 bytes/s');
    const described = (await window.elements()).map(({ description }) => description);
    assert.ok(described.includes('0 bytes/s now, at most 2.5 MB/s in the last minutes'));
    window.tell({
      anew: false,
      pace: Array.from({ length: PACE_SECONDS }, () => idle),
      images: [],
    });
    await eventually('what is too long ago is forgotten', async () =>
      (await window.elements()).find(({ description }) => description.includes('at most 0 bytes')),
    );
  });

  it('follows what changes, and begins anew with a machine that has started again', async () => {
    window.tell(first);
    await window.element('38% of 131 MB fetched');
    const changes = [[500, 250, present | touched]] as const;
    window.tell({ anew: false, pace: [second], images: [{ ...disk, changes }] });
    await window.element('63% of 131 MB fetched');
    window.tell({ anew: true, pace: [], images: [{ ...disk, changes }] });
    await window.element('25% of 131 MB fetched');
    assert.deepEqual(await window.namesLike(/Memory|memory/), []);
  });

  it('is one, however often it is wanted, and is closed by Escape', async () => {
    window.tell(first);
    await window.element('Map of the disk');
    await window.press('Machine');
    await window.press('Activity');
    const activity = await output('xdotool', 'search', '--onlyvisible', '--name', '^Activity$');
    assert.equal(activity.split('\n').length, 1);
    await output('xdotool', 'windowfocus', '--sync', activity, 'key', 'Escape');
    await window.asked('look-away');
    await eventually('it is gone', async () =>
      (await window.namesLike(/^Map of/)).length === 0 ? true : undefined,
    );
    await window.press('Machine');
    await window.press('Activity');
    await window.asked('watch');
  });

  it('lets its maps be reached by the keyboard', async () => {
    window.tell(first);
    await window.element('Map of the disk');
    const activity = await output('xdotool', 'search', '--onlyvisible', '--name', '^Activity$');
    await output('xdotool', 'windowfocus', '--sync', activity);
    for (const name of ['Map of the disk', 'Map of the memory']) {
      await eventually(`${name} has the keyboard`, async () => {
        if ((await window.element(name)).focused) return true;
        await output('xdotool', 'key', 'Tab');
        return undefined;
      });
    }
  });
});

describe('the graphs in the window of a machine’s activity', function () {
  this.timeout(60_000);

  it('end where their scale says “now”, also where one reads from right to left', async () => {
    for (const [language, isNowLeft] of [
      ['C', false],
      ['he', true],
    ] as const) {
      await using window = await opened({ LANGUAGE: language, GTK_THEME: 'Adwaita' });
      window.tell({ ...first, pace: [second, second, second] });
      const { place } = await window.element('Network rate');
      const now = await window.element('now');
      assert.equal(now.place.x < place.x + place.width / 3, isNowLeft);
      const isPainted = (picture: PNG, column: number): boolean =>
        Array.from({ length: place.height }, (_, row) => row).some((row) => {
          const at = 4 * ((place.y + row) * picture.width + place.x + column);
          const [red = 0, , blue = 0] = picture.data.subarray(at, at + 3);
          return blue - red > 50;
        });
      const edges = [1, place.width - 2] as const;
      await eventually('the line is painted', async () => {
        const picture = await takeScreenshot();
        const [left, right] = edges.map((column) => isPainted(picture, column));
        return left === isNowLeft && right === !isNowLeft ? true : undefined;
      });
    }
  });
});

describe('the map in the window of a machine’s activity', function () {
  this.timeout(60_000);

  it('shows a chunk in the colour that the theme has for it', async () => {
    await using window = await opened({ GTK_THEME: 'Adwaita:dark' });
    window.tell({
      ...first,
      images: [{ ...disk, chunkCount: 1e6, changes: [[0, 9000, present]] }],
    });
    const { place } = await window.element('Map of the disk');
    const colourAt = async (row: number): Promise<Colour> => {
      const { width, data } = await takeScreenshot();
      const at = 4 * ((place.y + row) * width + place.x + 100);
      return [data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0];
    };
    const isLike = (one: Colour, other: Colour): boolean =>
      one.every((part, at) => Math.abs(part - 255 * (other[at] ?? 0)) < 2);
    await eventually('the map is painted', async () =>
      isLike(await colourAt(5), DARK.ahead) && isLike(await colourAt(30), DARK.missing)
        ? true
        : undefined,
    );
    window.signal('SIGTERM');
    assert.deepEqual(await window.ended, { status: 0, stderr: '' });
  });
});
