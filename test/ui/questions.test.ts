import assert from 'node:assert/strict';
import { output } from '../support/programs.js';
import { until } from '../support/wait.js';
import type { ScriptedState, WindowEvent } from './fixtures/scripted-window.js';
import { ShownWindow } from './support/shown-window.js';

const running: ScriptedState = {
  phase: 'running',
  name: 'Xenix',
  displaySocket: '/nonexistent/vnc',
  accelerator: 'kvm',
};

async function shown(confirm = '1'): Promise<ShownWindow> {
  const window = new ShownWindow({ TEST_CONFIRM: confirm });
  await window.asked('shown');
  return window;
}

async function press(window: ShownWindow, ...names: readonly string[]): Promise<void> {
  for (const name of names) await window.press(name);
}

async function untilTakenBack(window: ShownWindow, title: string): Promise<void> {
  await until('the question is gone', async () =>
    (await window.elements()).every(({ name }) => name !== title),
  );
}

describe('a question about what would be lost', function () {
  this.timeout(60_000);

  const losses: readonly (readonly [
    way: readonly string[],
    title: string,
    label: string,
    event: WindowEvent,
  ])[] = [
    [['Restart'], 'Restart and discard changes?', 'Restart and Discard Changes', 'restart'],
    [
      ['Machine', 'Restart'],
      'Restart and discard changes?',
      'Restart and Discard Changes',
      'restart',
    ],
    [['Machine', 'Reset'], 'Reset without shutting down?', 'Reset and Lose Unsaved Work', 'reset'],
    [
      ['Machine', 'Power Off'],
      'Power off and discard changes?',
      'Power Off and Discard Changes',
      'power-off',
    ],
    [['Quit'], 'Quit and discard changes?', 'Quit and Discard Changes', 'close'],
  ];

  it('comes before all that loses it, keeps it by Return and Escape, and says what its button does', async () => {
    await using window = await shown();
    for (const [way, title, label, event] of losses) {
      window.feed(running);
      await window.element('Xenix');
      for (const key of ['Return', 'Escape']) {
        await press(window, ...way);
        await window.element(title);
        await output('xdotool', 'key', key);
        await untilTakenBack(window, title);
      }
      await press(window, ...way, label);
      // What came first would have been told first.
      assert.equal(await window.askedFirst(), event);
    }
    assert.deepEqual(await window.ended, { status: 0, stderr: '' });
  });

  it('is taken back when the machine has ended meanwhile', async () => {
    await using window = await shown();
    window.feed(running);
    await window.element('Xenix');
    await window.press('Quit');
    await window.element('Quit and discard changes?');
    window.feed({ phase: 'ended', how: 'shut-down' });
    await window.element('The machine has shut down.');
    await untilTakenBack(window, 'Quit and discard changes?');
    await window.press('Close');
    assert.deepEqual(await window.ended, { status: 0, stderr: '' });
  });

  it('does not come while nothing runs', async () => {
    await using window = await shown();
    window.feed({ phase: 'starting', step: 'booting', name: 'Xenix' });
    await window.element('Starting the machine…');
    await window.press('Cancel');
    assert.deepEqual(await window.ended, { status: 0, stderr: '' });
  });

  it('does not come where nobody wants to be asked, nor at a signal', async () => {
    for (const [confirm, leave] of [
      ['0', (window: ShownWindow) => window.press('Quit')],
      [
        '1',
        (window: ShownWindow) => {
          window.signal('SIGTERM');
          return Promise.resolve();
        },
      ],
    ] as const) {
      await using window = await shown(confirm);
      window.feed(running);
      await window.element('Xenix');
      await leave(window);
      assert.deepEqual(await window.ended, { status: 0, stderr: '' });
    }
  });
});
