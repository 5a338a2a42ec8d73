import assert from 'node:assert/strict';
import { SoundServer } from '../../support/sound-server.js';
import { DamagedComputer } from './support/damaged-computer.js';

/** For the shell; the machine's architecture is in it. */
const TYPELIBS = '/usr/lib/*/girepository-1.0';

describe('the checks of the window', function () {
  this.timeout(20_000);
  let computer: DamagedComputer;

  beforeEach(async () => {
    computer = await DamagedComputer.make();
  });

  afterEach(() => computer[Symbol.asyncDispose]());

  it('load the libraries and open the display', async () => {
    const results = await computer.findings(['gtk', 'gtk-vnc', 'display']);
    assert.deepEqual(
      results.map(({ id, state }) => [id, state]),
      [
        ['gtk', 'good'],
        ['gtk-vnc', 'good'],
        ['display', 'good'],
      ],
    );
  });

  it('tell a lack of gtk-vnc from a lack of GTK', async () => {
    const findings = (damage: string) => computer.findings(['gtk', 'gtk-vnc'], { damage });
    const [gtk, gtkVnc] = await findings(`mount --bind /dev/null ${TYPELIBS}/GtkVnc-2.0.typelib`);
    assert.deepEqual([gtk?.state, gtkVnc?.state], ['good', 'bad']);
    assert.equal(gtkVnc?.advice, 'Install it: sudo apt install gir1.2-gtk-vnc-2.0');
    const [lost] = await findings(`mount -t tmpfs none ${TYPELIBS}`);
    assert.equal(lost?.state, 'bad');
    assert.match(lost.found, /not installed/);
    assert.equal(lost.advice, 'Install it: sudo apt install gir1.2-gtk-3.0');
  });

  it('survive a library that crashes, or never comes back', async () => {
    const crashing = await computer.program('crash.cjs', '"";process.abort()');
    const { state, found } = await computer.finding('gtk', { windowTrial: crashing });
    assert.deepEqual([state, found], ['bad', 'It crashes when it is loaded (SIGABRT).']);
    const hanging = await computer.program('hang.cjs', '"";for(;;);');
    const trial = { windowTrial: hanging, milliseconds: 500 };
    const hung = await computer.finding('gtk-vnc', trial);
    assert.deepEqual([hung.state, hung.found], ['bad', 'There was no answer within 0.5 seconds.']);
  });

  it('tell whether there is a sound server', async () => {
    await using server = await SoundServer.start();
    const finding = () => computer.finding('sound', { environment: server.environment });
    assert.equal((await finding()).state, 'good');
    await server.stop();
    const { state, meaning } = await finding();
    assert.deepEqual([state, meaning], ['warning', 'Machines run, but are silent.']);
  });

  it('tell a display that is missing from one that does not answer', async () => {
    const finding = (environment: Readonly<Record<string, string | undefined>>) =>
      computer.finding('display', { environment });
    const none = await finding({ DISPLAY: undefined, WAYLAND_DISPLAY: undefined });
    assert.equal(none.state, 'bad');
    assert.match(none.found, /neither WAYLAND_DISPLAY nor DISPLAY/);
    const dead = await finding({ DISPLAY: ':7777', WAYLAND_DISPLAY: undefined });
    assert.deepEqual([dead.state, dead.found], ['bad', 'It cannot be opened.']);
  });
});
