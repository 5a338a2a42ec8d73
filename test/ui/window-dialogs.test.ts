import assert from 'node:assert/strict';
import { VERSION } from '../../src/core/places/index.js';
import { output } from '../support/programs.js';
import { ShownWindow } from './support/shown-window.js';

describe('what the window tells of itself', function () {
  this.timeout(60_000);
  let window: ShownWindow;

  beforeEach(async () => {
    window = new ShownWindow();
    await window.asked('shown');
  });

  afterEach(() => window[Symbol.asyncDispose]());

  it('is which keys are its own', async () => {
    await output('xdotool', 'windowfocus', '--sync', await window.id(), 'key', 'ctrl+question');
    for (const title of ['Full screen', 'Take a screenshot', 'Release pointer and keyboard']) {
      await window.element(title);
    }
  });

  it('is its version and licence', async () => {
    await window.press('Machine');
    await window.press('About VMNetX');
    await window.element(VERSION);
    assert.ok((await window.namesLike(/GNU General Public License/)).length > 0);
  });
});
