import assert from 'node:assert/strict';
import type { Audibility } from '../../src/core/sound/index.js';
import type { ScriptedState } from './fixtures/scripted-window.js';
import { ShownWindow } from './support/shown-window.js';
import { until } from '../support/wait.js';

function running(sound: Audibility): ScriptedState {
  const displaySocket = '/nonexistent/vnc';
  return { phase: 'running', name: 'Xenix', displaySocket, accelerator: 'kvm', sound };
}

describe('Mute in the menu of the window', function () {
  this.timeout(60_000);

  it('is there for a sound that is heard, and takes itself back', async () => {
    await using window = new ShownWindow();
    await window.asked('shown');
    /** Opens the menu in a state and presses Mute, if it can be pressed, which leaves it open. */
    const mute = async (state: ScriptedState, isPossible: boolean): Promise<void> => {
      window.feed(state);
      await window.press('Machine');
      await until('the menu knows the sound', async () => {
        return (await window.element('Mute')).sensitive === isPossible;
      });
      if (isPossible) await window.press('Mute');
      await window.press('Machine');
      await until('the menu is closed', async () => {
        return (await window.namesLike(/^Mute$/)).length === 0;
      });
    };
    await mute(running('none'), false);
    await mute(running('heard'), true);
    assert.equal(await window.askedFirst(), 'mute');
    await mute(running('muted'), true);
    assert.equal(await window.askedFirst(), 'unmute');
    await mute({ phase: 'ended', how: 'shut-down' }, false);
  });
});
