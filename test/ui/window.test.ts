import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FAILURES, type ScriptedState } from './fixtures/scripted-window.js';
import { output } from '../support/programs.js';
import { ShownWindow } from './support/shown-window.js';
import { eventually, until } from '../support/wait.js';

/** Running, though nothing listens on its socket. */
const running: Extract<ScriptedState, { phase: 'running' }> = {
  phase: 'running',
  name: 'Xenix',
  displaySocket: '/nonexistent/vnc',
  accelerator: 'kvm',
};
const SLOW = /^The machine runs slowly, because /;

/** The time of day. */
function timeOf(moment: Date): string {
  return [moment.getHours(), moment.getMinutes()].map((n) => String(n).padStart(2, '0')).join(':');
}

async function shown(environment: Readonly<Record<string, string>> = {}): Promise<ShownWindow> {
  const window = new ShownWindow(environment);
  await window.asked('shown');
  return window;
}

describe('the window of a machine', function () {
  this.timeout(60_000);

  it('says what is being done until the machine runs', async () => {
    await using window = await shown({ TEST_TITLE: 'xenix.netx' });
    await window.element('xenix.netx');
    window.feed({ phase: 'starting', step: 'checking', name: null });
    await window.element('Reading the machine’s description…');
    window.feed({ phase: 'starting', step: 'booting', name: 'Xenix' });
    await window.element('Starting the machine…');
    await window.element('Xenix');
    window.feed(running);
    await window.element('Opening the machine’s screen…');
  });

  it('says how much of the memory is loaded, and how long that still takes', async () => {
    await using window = await shown();
    const loading = { phase: 'starting', step: 'loading', name: 'Xenix' } as const;
    const bars = async () =>
      (await window.elements()).filter(({ role }) => role === 'progress bar');
    window.feed(loading);
    await window.element('Bringing back the machine’s memory…');
    assert.deepEqual(await bars(), []);
    const begin = performance.now();
    window.feed({ ...loading, loaded: { done: 4e6, total: 16e6, secondsLeft: null } });
    window.feed({ ...loading, loaded: { done: 8e6, total: 16e6, secondsLeft: 21 } });
    await window.element('8 MB of 16 MB — about 20 seconds left');
    assert.ok(performance.now() - begin >= 1000, 'it changes faster than one can listen');
    const [bar] = await bars();
    assert.deepEqual([bar?.name, bar?.value], ['Progress', 0.5]);
    window.feed({ phase: 'starting', step: 'booting', name: 'Xenix' });
    await window.element('Starting the machine…');
    assert.deepEqual(await window.namesLike(/MB/), []);
    assert.deepEqual(await bars(), []);
  });

  it('leaves everything in its place while it says more or less', async () => {
    await using window = await shown();
    const loading = { phase: 'starting', step: 'loading', name: 'Xenix' } as const;
    const loaded = { done: 4e6, total: 16e6, secondsLeft: 200 };
    const away = { since: Date.now(), tries: 1, failure: 'unreachable' } as const;
    window.feed(loading);
    await window.element('Bringing back the machine’s memory…');
    const cancel = await window.element('Cancel');
    /** Once there is something like this, and has got its place. */
    const movesNothing = async (said: RegExp): Promise<void> => {
      await eventually(`${said} has its place`, async () =>
        (await window.elements()).find(({ name, place }) => said.test(name) && place.width > 100),
      );
      assert.deepEqual((await window.element('Cancel')).place, cancel.place);
    };
    window.feed({ ...loading, loaded });
    await movesNothing(/about 3 minutes left/);
    window.feed({ ...loading, loaded, away });
    await movesNothing(/^Waiting for the network/);
    window.feed({ phase: 'starting', step: 'booting', name: 'Xenix' });
    await movesNothing(/^Starting the machine…/);
  });

  it('can be left at every step of a start, though not by an Enter too many', async () => {
    await using window = await shown();
    for (const step of ['resolving', 'checking', 'preparing', 'loading', 'booting'] as const) {
      window.feed({ phase: 'starting', step, name: step });
      await window.element(step);
      assert.equal((await window.element('Cancel')).focused, false);
    }
    window.feed({ phase: 'stopping' });
    await window.element('Stopping the machine…');
    assert.deepEqual(await window.namesLike(/^Cancel$/), []);
    window.feed({ phase: 'starting', step: 'loading', name: 'Xenix' });
    await window.press('Cancel');
    await window.asked('close');
    assert.deepEqual(await window.ended, { status: 0, stderr: '' });
  });

  it('says why a saved machine starts from its disk, until that is dismissed', async () => {
    await using window = await shown();
    const { message, code } = FAILURES.damaged();
    window.feed({
      phase: 'starting',
      step: 'preparing',
      name: 'Xenix',
      memoryRefused: 'damaged',
    });
    await window.element(`${message} The machine is being started from its disk instead.`);
    window.feed({ ...running, memoryRefused: 'damaged' });
    const said = `${message} The machine was started from its disk instead.`;
    await window.element(said);
    await window.press('Copy Details');
    await window.element('Copied');
    assert.equal(await window.clipboard(), [said, code].join('\n'));
    assert.ok((await window.element(said)).place.width < 800, 'a long word widens the window');
    await window.press('Dismiss');
    await eventually('the banner is gone', async () =>
      (await window.namesLike(/its disk instead/)).length === 0 ? true : undefined,
    );
  });

  it('shows a name that looks like markup as it is', async () => {
    await using window = await shown();
    window.feed({ ...running, name: '<b>x</b> & y' });
    await window.element('<b>x</b> & y');
    assert.equal(await output('xdotool', 'getwindowname', await window.id()), '<b>x</b> & y');
  });

  it('takes from a name what could hide or reorder it', async () => {
    await using window = await shown();
    window.feed({ ...running, name: 'one\ntwo \u202eeerht' });
    await window.element('one\ufffdtwo \ufffdeerht');
  });

  it('says why the machine is emulated and what to do until that is dismissed', async () => {
    await using window = await shown();
    const said = (): Promise<readonly string[]> => window.namesLike(SLOW);
    window.feed(running);
    await window.element('Xenix');
    assert.deepEqual(await said(), []);
    const reasons = {
      'asked-for': 'software emulation was asked for',
      missing: 'switched on in the firmware settings',
      forbidden: 'Become a member of the group “kvm”',
      busy: 'Close other programs that run machines',
      slow: 'nested virtualisation',
      failed: 'failed when it was tried',
    } as const;
    for (const emulated of [
      'asked-for',
      'missing',
      'forbidden',
      'busy',
      'slow',
      'failed',
    ] as const) {
      window.feed({ ...running, accelerator: 'tcg', emulated });
      await until(`it says why: ${emulated}`, async () =>
        (await said()).some((text) => text.includes(reasons[emulated])),
      );
    }
    await window.press('Dismiss');
    await until('the banner is gone', async () => (await said()).length === 0);
    window.feed({ ...running, accelerator: 'tcg', emulated: 'failed', name: 'the same again' });
    await window.element('the same again');
    assert.deepEqual(await said(), []);
  });

  it('says no more of a network that somebody waits for, until it goes away again', async () => {
    await using window = await shown();
    const away = (since: number, tries: number) =>
      ({ ...running, away: { since, tries, failure: 'unreachable' } }) as const;
    const said = (): Promise<readonly string[]> => window.namesLike(/^Waiting for the network/);
    const begin = Date.now() - 60_000;
    window.feed(away(begin, 1));
    await window.press('Wait');
    window.feed({ ...away(begin, 2), name: 'still away' });
    await window.element('still away');
    assert.deepEqual(await said(), []);
    window.feed(running);
    window.feed(away(begin + 1000, 1));
    await until('it says so again', async () => (await said()).length === 1);
  });

  it('says that the package is another by now, and starts the new one where that is wanted', async () => {
    await using window = await shown({ TEST_CONFIRM: '1' });
    window.feed({ ...running, packageChanged: 'changed' });
    await window.element(
      `${FAILURES.changed().message} The machine goes on with what was fetched, and stands still when it needs more. Restart it to get the new version.`,
    );
    await window.press('Restart…');
    await window.press('Restart and Discard Changes');
    await window.asked('restart');
    await until(
      'the banner is gone',
      async () => (await window.namesLike(/was changed/)).length === 0,
    );
  });

  it('says that it waits for the network, since when and why, until the network is back', async () => {
    await using window = await shown();
    const since = new Date();
    const failure = 'unreachable';
    const away = (tries: number) => ({ since: since.getTime(), tries, failure }) as const;
    const said = (tried: string): string =>
      `Waiting for the network since ${timeOf(since)} (${tried}). ${FAILURES.unreachable().message}`;
    window.feed({ ...running, away: away(1) });
    await window.element(said('tried once'));
    window.feed({ ...running, away: away(7) });
    await window.element(said('tried 7 times'));
    window.feed({ ...running, name: 'back' });
    await window.element('back');
    assert.deepEqual(await window.namesLike(/Waiting/), []);
  });

  it('says so while the machine starts, too', async () => {
    await using window = await shown();
    const starting = { phase: 'starting', step: 'preparing', name: 'Xenix' } as const;
    const since = new Date(2024, 4, 3, 14, 5).getTime();
    window.feed({ ...starting, away: { since, tries: 2, failure: 'unreachable' } });
    await window.element('Preparing the machine’s disk…');
    await window.element(
      `Waiting for the network since 14:05 on 3 May 2024 (tried 2 times). ${FAILURES.unreachable().message}`,
    );
    window.feed({ ...starting, step: 'booting' });
    await window.element('Starting the machine…');
    assert.deepEqual(await window.namesLike(/Waiting/), []);
  });

  it('can be left while it waits for the network', async () => {
    await using window = await shown();
    window.feed({ ...running, away: { since: Date.now(), tries: 1, failure: 'unreachable' } });
    await eventually('there are two ways to quit', async () =>
      (await window.namesLike(/^Quit$/)).length === 2 ? true : undefined,
    );
    await window.press('Quit');
    await window.asked('close');
    assert.deepEqual(await window.ended, { status: 0, stderr: '' });
  });

  it('says that fetched data cannot be kept until that is dismissed, but then of other trouble', async () => {
    await using window = await shown();
    const said = (failure: 'noSpace' | 'stopped'): string =>
      `${FAILURES[failure]().message} What the machine needs again is fetched again.`;
    window.feed({ ...running, notKept: 'noSpace' });
    await window.element(said('noSpace'));
    await window.press('Dismiss');
    await eventually('the banner is gone', async () =>
      (await window.namesLike(/fetched again/)).length === 0 ? true : undefined,
    );
    window.feed(running);
    window.feed({ ...running, notKept: 'noSpace', name: 'the same again' });
    await window.element('the same again');
    assert.deepEqual(await window.namesLike(/fetched again/), []);
    window.feed({ ...running, notKept: 'stopped' });
    await window.element(said('stopped'));
  });

  it('says nothing of the network once the machine has ended', async () => {
    await using window = await shown();
    window.feed({ ...running, away: { since: Date.now(), tries: 1, failure: 'unreachable' } });
    window.feed({ phase: 'ended', how: 'shut-down' });
    await window.element('The machine has shut down.');
    assert.deepEqual(await window.namesLike(/Waiting/), []);
  });

  it('has a name for everything that can be clicked', async () => {
    await using window = await shown();
    const nameless = async (): Promise<readonly string[]> =>
      (await window.elements()).filter((e) => e.actions > 0 && e.name === '').map((e) => e.role);
    const away = { since: Date.now(), tries: 1, failure: 'unreachable' } as const;
    const trouble = { accelerator: 'tcg', emulated: 'missing', away, notKept: 'noSpace' } as const;
    window.feed({ phase: 'starting', step: 'loading', name: 'Xenix' });
    await window.element('Cancel');
    assert.deepEqual(await nameless(), []);
    window.feed({ ...running, ...trouble, memoryRefused: 'damaged', guestNetwork: 'unasked' });
    await window.element('Dismiss');
    assert.deepEqual(await nameless(), []);
    window.feed({ phase: 'failed', failure: 'stopped' });
    await window.element('Try Again');
    assert.deepEqual(await nameless(), []);
    window.feed({ phase: 'ended', how: 'shut-down' });
    await window.element('Start Again');
    assert.deepEqual(await nameless(), []);
  });

  it('can restart a machine that runs, and no other', async () => {
    await using window = await shown();
    assert.equal((await window.element('Restart')).sensitive, false);
    window.feed(running);
    await window.element('Xenix');
    assert.equal((await window.element('Restart')).sensitive, true);
    await window.press('Restart');
    await window.asked('restart');
    await window.element('Starting the machine…');
    assert.equal((await window.element('Restart')).sensitive, false);
  });

  it('says that a machine from a link has no network, what the network is, and passes on the answer', async () => {
    await using window = await shown();
    window.feed({ ...running, guestNetwork: 'unasked' });
    await window.element('This machine came from a link, so it has no network.');
    await window.press('Allow…');
    await window.element('Allow this machine to use the network?');
    const [reach = ''] = await window.namesLike(/^With the network/);
    for (const place of ['the internet', 'local network', 'this computer’s own services'])
      assert.ok(reach.includes(place), place);
    await window.press('Allow and Restart');
    await window.asked('allow');
    await window.press('Allow…');
    await window.press('No Network');
    await window.asked('forbid');
    await window.press('Allow…');
    await window.element('No Network');
    await output('xdotool', 'key', 'Return');
    await window.asked('forbid');
    window.feed({ ...running, guestNetwork: 'none', name: 'answered' });
    await window.element('answered');
    assert.deepEqual(await window.namesLike(/no network|^Allow/), []);
  });

  it('lets the network be changed later, unless the machine has no card for it', async () => {
    await using window = await shown();
    window.feed({ ...running });
    await window.element('Xenix');
    assert.equal((await window.element('Network…')).sensitive, false);
    window.feed({ ...running, guestNetwork: 'full', name: 'connected' });
    await window.element('connected');
    await window.press('Network…');
    await window.element('Keep this machine on the network?');
    await output('xdotool', 'key', 'Return');
    await window.asked('allow');
    await window.press('Network…');
    await window.press('Restart Without Network');
    await window.asked('forbid');
  });

  it('takes a question about the network that was closed for no answer', async () => {
    await using window = await shown();
    window.feed({ ...running, guestNetwork: 'unasked' });
    await window.press('Network…');
    await window.element('Allow this machine to use the network?');
    await output('xdotool', 'key', 'Escape');
    await eventually('the question is gone', async () =>
      (await window.namesLike(/^Allow this/)).length === 0 ? true : undefined,
    );
    await window.press('Restart');
    // What came first would have been told first.
    assert.deepEqual(await window.askedFirst(), 'restart');
  });

  it('says when the machine has shut down, and starts it again', async () => {
    await using window = await shown();
    window.feed(running);
    window.feed({ phase: 'ended', how: 'shut-down' });
    await window.element('The machine has shut down.');
    await window.press('Start Again');
    await window.asked('restart');
    await window.element('Starting the machine…');
  });
});

describe('the window of a machine that failed', function () {
  this.timeout(60_000);

  it('says what happened and what to do, and tries again where that can help', async () => {
    await using window = await shown();
    const { message, hint } = FAILURES.stopped();
    window.feed({ phase: 'failed', failure: 'stopped' });
    await window.element(message);
    await window.element(hint ?? '');
    assert.equal((await window.element('Try Again')).focused, true);
    await window.press('Try Again');
    await window.asked('restart');
    await window.element('Starting the machine…');
  });

  it('offers no second try where that cannot help', async () => {
    await using window = await shown();
    window.feed({ phase: 'failed', failure: 'missing' });
    await window.element(FAILURES.missing().message);
    assert.ok(!(await window.elements()).some(({ name }) => name === 'Try Again'));
  });

  it('asks whether a machine that is too large may start with less', async () => {
    await using window = await shown();
    window.feed({ phase: 'failed', failure: 'tooLarge' });
    await window.element(FAILURES.tooLarge().message);
    assert.ok(!(await window.elements()).some(({ name }) => name === 'Try Again'));
    assert.equal((await window.element('Start with Less')).focused, true);
    await window.press('Start with Less');
    await window.asked('less');
    await window.element('Starting the machine…');
    window.feed({ phase: 'failed', failure: 'missing' });
    await window.element(FAILURES.missing().message);
    assert.ok(!(await window.elements()).some(({ name }) => name === 'Start with Less'));
  });

  it('offers to leave out a saved state that is suspected', async () => {
    await using window = await shown();
    window.feed({ phase: 'failed', failure: 'stopped', savedStateSuspected: true });
    await window.element('Try Again');
    await window.press('Start Without the Saved State');
    await window.asked('without-saved-state');
    await window.element('Starting the machine…');
    window.feed({ phase: 'failed', failure: 'stopped' });
    await window.element('Try Again');
    assert.deepEqual(await window.namesLike(/Saved State/), []);
  });

  it('offers to start the new version of a package that was changed', async () => {
    await using window = await shown();
    window.feed({ phase: 'failed', failure: 'changed' });
    await window.press('Try Again');
    await window.asked('restart');
  });

  it('asks whether a link may lead into a private network, says to which host, and that not by default', async () => {
    await using window = await shown();
    window.feed({ phase: 'failed', failure: 'privateAddress' });
    const [advice = ''] = await eventually('it says what comes of it', async () => {
      const found = await window.namesLike(/^If you open it anyway/);
      return found.length > 0 ? found : undefined;
    });
    for (const said of ['ask machines.school.lan', 'this one time', 'links.privateHosts']) {
      assert.ok(advice.includes(said), advice);
    }
    assert.equal((await window.element('Open from machines.school.lan')).focused, false);
    await window.press('Copy Details');
    await window.element('Copied');
    assert.ok((await window.clipboard()).includes(advice));
    await window.press('Open from machines.school.lan');
    await window.asked('private-address');
    window.feed({ phase: 'failed', failure: 'missing' });
    await window.element(FAILURES.missing().message);
    assert.deepEqual(await window.namesLike(/^Open from/), []);
  });

  it('shows markup in a sentence as it is', async () => {
    await using window = await shown();
    window.feed({ phase: 'failed', failure: 'long' });
    const { name } = await window.element(FAILURES.long().message);
    assert.ok(name.includes('<b>reason</b> & more'));
  });

  it('gives away the code and the detail, and to the clipboard all that it says', async () => {
    await using window = await shown();
    const { message, hint, code, detail } = FAILURES.stopped();
    window.feed({ phase: 'failed', failure: 'stopped' });
    await window.press('Details');
    await window.element(`${code}\n${detail ?? ''}`);
    await window.press('Copy Details');
    await window.element('Copied');
    assert.equal(await window.clipboard(), [message, hint, code, detail].join('\n'));
  });
});

describe('the window where GtkVnc is not installed completely', () => {
  it('says so and what to install', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'vmnetx-typelibs-'));
    try {
      await writeFile(join(folder, 'GtkVnc-2.0.typelib'), 'not a typelib');
      await using window = new ShownWindow({ GI_TYPELIB_PATH: folder });
      await window.element('The window needs GtkVnc, which is not installed completely.');
      await window.press('Quit');
      assert.equal((await window.ended).status, 69);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe('the end of the window', function () {
  this.timeout(60_000);

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    it(`closes the session and ends with status 0 at ${signal}`, async () => {
      await using window = await shown();
      window.feed(running);
      await window.element('Xenix');
      const begin = performance.now();
      window.signal(signal);
      await window.asked('close');
      assert.deepEqual(await window.ended, { status: 0, stderr: '' });
      assert.ok(performance.now() - begin < 5000);
    });
  }

  it('takes the window and those that came after it away at once, and waits for the session', async () => {
    await using window = await shown({ TEST_CLOSE_MILLISECONDS: '1500' });
    window.feed(running);
    await window.press('Machine');
    await window.press('Activity');
    await window.element('The machine has no disk yet.');
    const visible = ['search', '--onlyvisible', '--pid', String(window.pid)];
    assert.equal((await output('xdotool', ...visible)).split('\n').length, 2);
    window.signal('SIGTERM');
    const begin = performance.now();
    await eventually('nothing is to be seen', () =>
      output('xdotool', ...visible).then(
        () => undefined,
        () => true,
      ),
    );
    assert.ok(performance.now() - begin < 1000);
    assert.deepEqual(await window.ended, { status: 0, stderr: '' });
  });

  it('has the status of the error that was on the screen', async () => {
    await using window = await shown();
    window.feed({ phase: 'failed', failure: 'missing' });
    await window.element(FAILURES.missing().message);
    await window.press('Quit');
    assert.equal((await window.ended).status, 66);
  });

  it('comes within 5 s even if the session never closes', async () => {
    await using window = await shown({ TEST_CLOSE_MILLISECONDS: '60000' });
    const begin = performance.now();
    window.signal('SIGTERM');
    const { status } = await window.ended;
    assert.equal(status, 70);
    assert.ok(performance.now() - begin < 5000);
  });

  it('may come while the window is being made', async () => {
    await using window = new ShownWindow();
    // Node itself catches SIGINT and SIGTERM; who catches SIGHUP too is the window.
    await eventually('the process listens', async () => {
      const caught = await output('grep', 'SigCgt', `/proc/${window.pid}/status`).catch(() => '');
      return /[13579bdf]$/.test(caught) ? true : undefined;
    });
    window.signal('SIGTERM');
    assert.deepEqual(await window.ended, { status: 0, stderr: '' });
  });
});
