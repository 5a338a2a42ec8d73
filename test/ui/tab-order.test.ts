import assert from 'node:assert/strict';
import { eventually } from '../support/wait.js';
import type { Element } from '../support/window-on-screen.js';
import type { ScriptedState } from './fixtures/scripted-window.js';
import { ManagedDisplay } from './support/managed-display.js';
import { ShownWindow } from './support/shown-window.js';

/** More than any window has. */
const MOST_STOPS = 20;
/** The desktop has keys for these, and as everywhere in GTK nobody comes upon them by Tab. */
const TITLE_BUTTONS: readonly string[] = ['Minimize', 'Maximize', 'Close', 'Quit'];

/** GTK does not tell that one has the keyboard. */
const COMBO_BOX = 'combo box';
/** They can have the keyboard only where there is nothing else to have it. */
const PASSIVE: readonly string[] = ['scroll pane', 'link'];

const displaySocket = '/nonexistent/vnc';
const running = { phase: 'running', name: 'Xenix', displaySocket, accelerator: 'kvm' } as const;
const away = { since: Date.now(), tries: 1, failure: 'unreachable' } as const;
const allBanners: ScriptedState = {
  ...running,
  accelerator: 'tcg',
  emulated: 'missing',
  away,
  notKept: 'noSpace',
  memoryRefused: 'damaged',
  guestNetwork: 'unasked',
  packageChanged: 'changed',
  shuttingDown: true,
};
const image = { chunkCount: 100, sizeBytes: 1e6, changes: [] } as const;

describe('everything that can be pressed', function () {
  this.timeout(120_000);
  let display: ManagedDisplay;
  let window: ShownWindow;

  before(async () => {
    display = await ManagedDisplay.start();
    window = new ShownWindow({ ...display.environment, TEST_CONFIRM: '1' });
    await window.asked('shown');
  });

  after(async () => {
    await window[Symbol.asyncDispose]();
    await display[Symbol.asyncDispose]();
  });

  const key = (name: string): Promise<string> => display.run('xdotool', 'key', name);

  const inFront = async (): Promise<readonly Element[]> =>
    (await window.elements()).filter(({ active }) => active);

  /** Waits until something of this name is in the window that keys go to. */
  async function there(name: string): Promise<void> {
    await eventually(`“${name}” is in front`, async () =>
      (await inFront().catch(() => [])).find((one) => one.name === name && one.place.width > 1),
    );
  }

  async function choose(...names: readonly string[]): Promise<void> {
    for (const name of names) await window.press(name);
  }

  async function focused(): Promise<Element | null> {
    return (await inFront()).find((one) => one.focused && one.role !== 'link') ?? null;
  }

  /** What has the keyboard, one after another, until it begins anew; each as role, name and place. */
  async function stops(step: string): Promise<readonly string[]> {
    const found: string[] = [];
    for (let presses = 0; presses < MOST_STOPS; presses++) {
      await key(step);
      const stop = stopOf(await focused());
      if (found.includes(stop)) return found.slice(found.indexOf(stop));
      found.push(stop);
    }
    throw new Error(`Tab never comes back to where it was: ${found.join(', ')}`);
  }

  /** All that can be pressed is named and reached by Tab, in both directions. */
  async function assertReached(...steps: readonly string[]): Promise<void> {
    const elements = (await inFront()).filter(({ sensitive }) => sensitive);
    const pressable = elements.filter(({ actions, role }) => actions > 0 && role !== 'link');
    assert.deepEqual(
      pressable.filter(({ name }) => name === ''),
      [],
    );
    const unreachable = pressable.filter(({ focusable, role }) => !focusable && role !== COMBO_BOX);
    const names = unreachable.map(({ name }) => name);
    assert.deepEqual(
      names.filter((name) => !TITLE_BUTTONS.includes(name)),
      [],
    );
    const wanted = elements
      .filter(({ focusable, role }) => (focusable && !PASSIVE.includes(role)) || role === COMBO_BOX)
      .map((one) => stopOf(one.role === COMBO_BOX ? null : one));
    for (const step of steps.length > 0 ? steps : ['Tab']) {
      const reached = (await stops(step)).filter((stop) => !stop.startsWith('scroll pane'));
      assert.deepEqual(reached.toSorted(), wanted.toSorted());
    }
  }

  it('is named and reached by Tab on the page of a start', async () => {
    await there('Cancel');
    await assertReached();
  });

  it('is named and reached by Tab in every banner', async () => {
    window.feed(allBanners);
    await there('Power Off');
    await assertReached();
  });

  it('is named and reached by Tab, and by Shift+Tab, on the page of an error', async () => {
    window.feed({ phase: 'failed', failure: 'stopped', savedStateSuspected: true });
    await there('Try Again');
    await assertReached('Tab', 'shift+Tab');
    window.feed({ phase: 'failed', failure: 'privateAddress' });
    await there('Open from machines.school.lan');
    await assertReached();
    window.feed({ phase: 'failed', failure: 'tooLarge' });
    await there('Start with Less');
    await assertReached();
  });

  it('is named and reached by Tab on the page of a machine that has ended', async () => {
    window.feed({ phase: 'ended', how: 'shut-down' });
    await there('Start Again');
    await assertReached();
  });

  it('is named and reached by Tab in a question', async () => {
    window.feed({ ...running, guestNetwork: 'unasked' });
    for (const [button, answer] of [
      ['Network…', 'Allow and Restart'],
      ['Quit', 'Quit and Discard Changes'],
    ] as const) {
      await window.press(button);
      await there(answer);
      await assertReached();
      await key('Escape');
    }
  });

  it('is named and reached by Tab where somebody logs in', async () => {
    window.login({
      host: 'machines.example.org',
      realm: 'Machines',
      scheme: 'basic',
      secure: false,
      refused: true,
      username: null,
      keptRefused: false,
      keepable: true,
      keep: false,
    });
    await there('User');
    await display.run('xdotool', 'type', 'somebody');
    await assertReached();
    await key('Escape');
  });

  it('is named and reached by Tab in the windows that the menu opens', async () => {
    for (const [entry, part] of [
      ['Keyboard Shortcuts', 'Take a screenshot'],
      ['About VMNetX', 'VMNetX'],
      ['Log', 'Entries of the log'],
      ['Activity', 'Map of the memory'],
    ] as const) {
      await choose('Machine', entry);
      if (entry === 'Activity') {
        const images = [
          { ...image, image: 'disk' },
          { ...image, image: 'memory' },
        ];
        await window.asked('watch');
        window.tell({ anew: true, pace: [], images });
      }
      await there(part);
      await assertReached();
      await key('Escape');
    }
  });
});

function stopOf(element: Element | null): string {
  if (element === null) return COMBO_BOX;
  const { role, name, place } = element;
  return `${role} ${name} at ${place.x},${place.y}`;
}
