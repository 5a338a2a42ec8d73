import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FAILURES, type ScriptedState } from './fixtures/scripted-window.js';
import { output } from '../support/programs.js';
import { ShownWindow } from './support/shown-window.js';
import { eventually } from '../support/wait.js';

/** Running, though nothing listens on its socket. */
const running: Extract<ScriptedState, { phase: 'running' }> = {
  phase: 'running',
  name: 'Xenix',
  displaySocket: '/nonexistent/vnc',
  accelerator: 'kvm',
};
const SLOW = 'Hardware virtualisation (KVM) is not in use, so the machine runs slowly.';

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
    const loaded = { done: 3 << 20, total: 8 << 20, secondsLeft: null };
    window.feed({ phase: 'starting', step: 'loading', name: 'Xenix', loaded });
    await window.element('Bringing back the machine’s memory… 3 MiB of 8 MiB');
    window.feed({ phase: 'starting', step: 'booting', name: 'Xenix' });
    await window.element('Starting the machine…');
    await window.element('Xenix');
    window.feed(running);
    await window.element('Opening the machine’s screen…');
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

  it('says that emulation is slow until that is dismissed', async () => {
    await using window = await shown();
    const isSaid = async (): Promise<boolean> =>
      (await window.elements()).some(({ name }) => name === SLOW);
    window.feed(running);
    await window.element('Xenix');
    assert.equal(await isSaid(), false);
    window.feed({ ...running, accelerator: 'tcg' });
    await window.element(SLOW);
    await window.press('Dismiss');
    await eventually('the banner is gone', async () => ((await isSaid()) ? undefined : true));
    window.feed({ ...running, accelerator: 'tcg', name: 'the same again' });
    await window.element('the same again');
    assert.equal(await isSaid(), false);
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
    const trouble = { accelerator: 'tcg', away, notKept: 'noSpace' } as const;
    window.feed({ ...running, ...trouble, guestNetwork: 'unasked' });
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

  it('takes the window away at once and waits for the session', async () => {
    await using window = await shown({ TEST_CLOSE_MILLISECONDS: '1500' });
    window.feed(running);
    const id = await window.id();
    await window.press('Quit');
    const begin = performance.now();
    await eventually('the window is gone', async () => {
      const state = await output('xwininfo', '-id', id).catch(() => '');
      return state.includes('IsViewable') ? undefined : true;
    });
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
