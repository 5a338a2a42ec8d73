import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { output } from '../support/programs.js';
import { eventually, until } from '../support/wait.js';
import { ShownWindow } from './support/shown-window.js';

const LINES = [
  '2026-01-02T03:04:05.006+01:00 window info VMNetX begins version=1',
  '2026-01-02T03:04:05.007+01:00 vmnetfs warning A request is tried again code=network-timeout',
  '2026-01-02T03:04:05.008+01:00 qemu error It crashed',
];
const NEW = '2026-01-02T03:04:06.000+01:00 libvirt warning The domain changes';

describe('the window of the log', function () {
  this.timeout(60_000);
  let window: ShownWindow;
  let home: string;

  before(async () => {
    home = await mkdtemp(join(tmpdir(), 'home-'));
    const folders = { HOME: home, XDG_CONFIG_HOME: join(home, 'config') };
    window = new ShownWindow({ ...folders, TEST_LOG: LINES.join('\n') });
    await window.asked('shown');
  });

  after(async () => {
    await window[Symbol.asyncDispose]();
    await rm(home, { recursive: true });
  });

  async function open(): Promise<void> {
    await window.press('Machine');
    await window.press('Log');
    await window.element('Entries of the log');
  }

  /** Waits until these lines, and no others, would be pasted. */
  async function copies(lines: readonly string[]): Promise<void> {
    const wanted = lines.join('\n');
    let copied = '';
    await eventually('the lines are copied', async () => {
      await window.press('Copy');
      copied = await window.clipboard();
      return copied === wanted ? true : undefined;
    }).catch(() => {
      assert.equal(copied, wanted);
    });
  }

  async function isGone(): Promise<void> {
    await until('the window is gone', async () =>
      (await window.elements()).every(({ name }) => name !== 'Entries of the log'),
    );
  }

  it('shows what the session wrote down and what it writes, of the level and with the words that are wanted', async () => {
    await open();
    await copies(LINES);
    window.write(NEW);
    await copies([...LINES, NEW]);
    await choose('Warnings and errors');
    await copies([...LINES.slice(1), NEW]);
    await choose('All entries');
    const { place } = await window.element('Search');
    const [x, y] = [place.x + place.width / 2, place.y + place.height / 2].map(Math.round);
    await output('xdotool', 'mousemove', String(x), String(y), 'click', '1', 'type', 'CHANGES');
    await copies([NEW]);
  });

  it('saves what it shows', async () => {
    await window.press('Save…');
    await window.press('Save');
    // While the dialog goes, the screen cannot be read.
    await until('it is saved', () => existsSync(join(home, 'vmnetx.log')));
    await window.element('What is shown of the log was saved.');
    assert.equal(await readFile(join(home, 'vmnetx.log'), 'utf8'), `${NEW}\n`);
  });

  it('stays at the end of the log until somebody scrolls away from it', async () => {
    await output('xdotool', 'key', 'ctrl+a', 'BackSpace');
    await copies([...LINES, NEW]);
    const write = async (): Promise<void> => {
      for (let line = 0; line < 60; line++) window.write(NEW);
      await copies([...LINES, ...Array.from({ length: ++times * 60 + 1 }, () => NEW)]);
    };
    let times = 0;
    await write();
    const first = await scrolled();
    assert.ok(first > 0);
    await write();
    const end = await eventually('the end is in sight', async () => {
      const now = await scrolled();
      return now > first && now === (await scrolled()) ? now : undefined;
    });
    const { place } = await window.element('Entries of the log');
    await output('xdotool', 'mousemove', String(place.x + 50), String(place.y + 50), 'click', '4');
    await until('it is scrolled', async () => (await scrolled()) < end - 10);
    await write();
    assert.ok((await scrolled()) < end);
  });

  it('is closed by Ctrl+W and Escape, and opened by the page of an error, too', async () => {
    await output('xdotool', 'key', 'ctrl+w');
    await isGone();
    window.feed({ phase: 'failed', failure: 'stopped' });
    await window.press('Log');
    await window.element('Entries of the log');
    await output('xdotool', 'key', 'Escape');
    await isGone();
  });

  /** In pixels from the beginning of the text. */
  async function scrolled(): Promise<number> {
    const bars = (await window.elements()).filter(({ role }) => role === 'scroll bar');
    return Math.max(...bars.map(({ value }) => value ?? 0));
  }

  async function choose(level: string): Promise<void> {
    await window.press('Level');
    await window.press(level);
  }
});
