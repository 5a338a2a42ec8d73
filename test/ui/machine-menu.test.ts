import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkout } from '../support/checkout.js';
import { until } from '../support/wait.js';
import type { Element } from '../support/window-on-screen.js';
import { ShownWindow } from './support/shown-window.js';

/** Every entry, and the test in which it is pressed and does what it says. */
const ENTRIES: Readonly<Record<string, string>> = {
  Restart: 'ui/questions',
  'Shut Down': 'e2e/lifecycle',
  Reset: 'ui/questions',
  'Power Off': 'ui/questions',
  'Send Keys': 'ui/screen-actions',
  'Take Screenshot': 'ui/screen-actions',
  'Copy Screenshot': 'ui/screen-actions',
  'Full Screen': 'ui/full-screen',
  Mute: 'ui/sound-menu',
  Scaling: 'ui/scaled-screen',
  Activity: 'ui/activity-window',
  Log: 'ui/log-window',
  'Keyboard Shortcuts': 'ui/tab-order',
  'About VMNetX': 'ui/window-dialogs',
};
const SCALING: Readonly<Record<string, string>> = {
  'Fit to Window': 'ui/scaled-screen',
  'Original Size': 'ui/scaled-screen',
  'Zoom In': 'ui/scaled-screen',
  'Zoom Out': 'ui/scaled-screen',
  'Smooth Scaling': 'ui/scaled-screen',
  'Resize Window to Guest': 'ui/scaled-screen',
};
const KEYS: readonly string[] = [
  'Ctrl+Alt+Delete',
  'Ctrl+Alt+Backspace',
  'Print',
  'F11',
  'F12',
  ...Array.from({ length: 12 }, (_, at) => `Ctrl+Alt+F${at + 1}`),
];

/** The same name may be elsewhere in the window. */
function placed({ name, role, place }: Element): string {
  return `${role} ${name} ${place.x},${place.y}`;
}

describe('the menu of the window', function () {
  this.timeout(60_000);
  let window: ShownWindow;
  let outside: ReadonlySet<string>;

  before(async () => {
    window = new ShownWindow();
    await window.asked('shown');
    await window.element('Cancel');
    outside = new Set((await window.elements()).map(placed));
    await window.press('Machine');
  });

  after(() => window[Symbol.asyncDispose]());

  /** Waits until the menu offers these, and nothing else. */
  async function offers(names: readonly string[]): Promise<void> {
    let shown: readonly string[] = [];
    await until('it is open', async () => {
      const pressable = (await window.elements()).filter(({ actions }) => actions > 0);
      shown = pressable.filter((one) => !outside.has(placed(one))).map(({ name }) => name);
      return String(shown.toSorted()) === String(names.toSorted());
    }).catch(() => {
      assert.deepEqual(shown, names);
    });
  }

  it('has an entry for all that it offers, and none that is not tested', async () => {
    await offers(Object.keys(ENTRIES));
    for (const [name, test] of Object.entries({ ...ENTRIES, ...SCALING })) {
      const source = await readFile(join(checkout, 'test', `${test}.test.ts`), 'utf8');
      assert.ok(source.includes(`'${name}'`), `${name} is not pressed in ${test}`);
    }
  });

  it('has menus of its own for keys and for scaling, with a way back', async () => {
    await window.press('Scaling');
    await offers(['Scaling', ...Object.keys(SCALING)]);
    await window.press('Scaling');
    await offers(Object.keys(ENTRIES));
    await window.press('Send Keys');
    await offers(['Send Keys', ...KEYS]);
  });
});
