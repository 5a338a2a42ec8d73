import assert from 'node:assert/strict';
import { command } from '../../scripts/command.js';
import { childrenOf } from '../support/processes.js';
import { serveProtected } from '../support/protected-server.js';
import type { ScriptedServer } from '../support/scripted-server.js';
import { Terminal } from '../support/terminal.js';
import { eventually } from '../support/wait.js';
import { WindowOnScreen } from '../support/window-on-screen.js';

describe('a window that was opened on a terminal', function () {
  this.timeout(60_000);
  let server: ScriptedServer;

  before(async () => {
    server = await serveProtected(Buffer.from('no package at all'), 'digest', 'ada', 'secret-word');
  });
  after(() => server.stop());

  async function open() {
    const words = [command('vmnetx'), 'open', `${server.origin}/a.nxpk`];
    const terminal = new Terminal(words, process.env);
    await terminal.see('Name: ');
    const [shell = 0] = await childrenOf(terminal.pid, 'sh');
    const [pid = 0] = await childrenOf(shell, 'launcher.cjs');
    return {
      terminal,
      window: new WindowOnScreen(pid),
      [Symbol.asyncDispose]: () => terminal[Symbol.asyncDispose](),
    };
  }

  it('logs in there, while the window is alive', async () => {
    await using opened = await open();
    const { terminal, window } = opened;
    await window.element('Looking for the machine…');
    terminal.type('ada\r');
    await terminal.see('Password: ');
    terminal.type('secret-word\r');
    // It is let in, and finds that there is no machine.
    await terminal.see('(reference-');
    await eventually('it says so', async () =>
      (await window.elements()).some(({ name }) => /neither .+ nor/.test(name)) ? true : undefined,
    );
    await window.press('Quit');
    assert.equal(await terminal.ended, 65);
    assert.ok(terminal.isAsBefore);
    assert.ok(!terminal.shown.includes('secret-word'));
  });

  it('ends with the window, and at Ctrl-C, while it waits for an answer', async () => {
    for (const leave of ['Quit', 'Ctrl-C']) {
      await using opened = await open();
      const { terminal, window } = opened;
      if (leave === 'Ctrl-C') terminal.type('\u0003');
      else await window.press(leave);
      assert.equal(await terminal.ended, 0);
      assert.ok(terminal.isAsBefore, terminal.shown);
    }
  });
});
