import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { command } from '../../scripts/command.js';
import { PrivateKeyring } from '../support/private-keyring.js';
import { childrenOf } from '../support/processes.js';
import { serveProtected, type Scheme } from '../support/protected-server.js';
import { ScreenReader } from '../support/screen-reading.js';
import { Terminal } from '../support/terminal.js';
import { eventually } from '../support/wait.js';
import { WindowOnScreen, type Element } from '../support/window-on-screen.js';
import { ManagedDisplay } from '../ui/support/managed-display.js';
import { Desktop } from './support/desktop.js';
import { endPrograms, startProgram, type StartedProgram } from './support/program.js';

/** Looked for in files, so long that nothing else has it. */
const PASSWORD = 'correct-horse-battery-staple';
const WRONG = 'The name or the password is not right.';
const READABLE = 'The connection is not encrypted: others can read the password on its way.';
const REMEMBER = 'Remember the password';
/** Who is let in finds that there is no machine. */
const LET_IN = 'is neither a machine reference nor a machine package';

describe('a window whose server asks who is there', function () {
  this.timeout(60_000);
  let reader: ScreenReader;
  let display: ManagedDisplay;
  let desktop: Desktop;
  let keyring: PrivateKeyring;

  before(async () => {
    reader = new ScreenReader();
    display = await ManagedDisplay.start();
    desktop = await Desktop.prepare();
    keyring = await PrivateKeyring.start(desktop);
  });

  after(async () => {
    await keyring[Symbol.asyncDispose]();
    await desktop[Symbol.asyncDispose]();
    await display[Symbol.asyncDispose]();
    await reader[Symbol.asyncDispose]();
  });

  afterEach(() => endPrograms());

  function open(origin: string, { environment } = keyring) {
    const surroundings = { ...environment, ...display.environment };
    const program = startProgram('vmnetx', ['open', `${origin}/a.nxpk`], surroundings);
    return { program, window: new WindowOnScreen(program.pid, reader) };
  }

  function serve(scheme: Scheme, password: string) {
    return serveProtected(Buffer.from('no package at all'), scheme, 'ada', password);
  }

  /** Types into what has the keyboard, and presses Enter. */
  async function type(text: string): Promise<void> {
    await display.run('xdotool', 'type', '--delay', '1', text);
    await display.run('xdotool', 'key', 'Return');
  }

  it('says when a password is wrong, keeps one only if asked, and in the keyring alone', async () => {
    const server = await serve('basic', PASSWORD);
    const { program, window } = open(server.origin);
    try {
      await focused(window, 'User');
      const names = await namesOf(window);
      for (const name of [
        `${server.origin} asks for a name and a password.`,
        'The server says: “Machines of 1990”',
        READABLE,
      ]) {
        assert.ok(names.includes(name), name);
      }
      assert.ok(!names.includes(WRONG));
      await type('ada');
      await focused(window, 'Password');
      await type('a-guess');
      await window.element(WRONG);
      await focused(window, 'Password');
      const nameless = (await window.elements()).filter((e) => e.actions > 0 && e.name === '');
      assert.deepEqual(nameless, []);
      await goTo(window, 'Show Password', REMEMBER);
      await display.run('xdotool', 'key', 'space');
      await goTo(window, 'Cancel', 'Log In', 'User', 'Password');
      await type(PASSWORD);
      await letIn(window);
      await eventually('the password is kept', () => kept(server.origin));
      assert.equal(await kept(server.origin), PASSWORD);
      assert.deepEqual(await placesOf(PASSWORD, desktop.folder, program), []);
      assert.match(
        await readFile(`/proc/${program.pid}/limits`, 'utf8'),
        /^Max core file size +0 /m,
      );
      const header = Buffer.from(`ada:${PASSWORD}`).toString('base64');
      assert.deepEqual(await placesOf(header, desktop.folder, program), []);
      const planted = join(desktop.folder, 'state/planted');
      await writeFile(planted, `some ${PASSWORD} thing`);
      assert.deepEqual(await placesOf(PASSWORD, desktop.folder, program), [planted]);
      await window.press('Quit');
      assert.equal((await program.ended).status, 65);

      const again = open(server.origin);
      await letIn(again.window);
      assert.deepEqual(await again.window.elements().then(dialogs), []);
      again.program.kill('SIGTERM');
      await again.program.ended;
    } finally {
      await server.stop();
    }
  });

  it('says that a remembered password was refused, and remembers the next instead', async () => {
    const server = await serve('basic', 'another-word');
    try {
      await keep('an-old-word', server.origin, 'basic');
      const { window } = open(server.origin);
      await window.element('The remembered password was refused.');
      await focused(window, 'Password');
      assert.equal(await kept(server.origin), undefined);
      await type('another-word');
      await letIn(window);
      await eventually('the new one is kept', async () =>
        (await kept(server.origin)) === 'another-word' ? true : undefined,
      );
    } finally {
      await server.stop();
    }
  });

  it('asks nobody on the terminal it was opened on, nor to remember without a keyring', async () => {
    await using bare = await PrivateKeyring.withoutKeyring(desktop);
    const server = await serve('digest', PASSWORD);
    const { host } = new URL(server.origin);
    const words = [command('vmnetx'), 'open', `${server.origin}/a.nxpk`];
    const terminal = new Terminal(words, { ...bare.environment, ...display.environment });
    try {
      const pid = await eventually('the program runs', async () => {
        const [shell = 0] = await childrenOf(terminal.pid, 'sh');
        return (await childrenOf(shell, 'launcher.cjs'))[0];
      });
      const window = new WindowOnScreen(pid, reader);
      await focused(window, 'User');
      for (const name of [REMEMBER, READABLE]) {
        assert.ok(!(await namesOf(window)).includes(name), name);
      }
      await display.run('xdotool', 'key', 'Escape');
      await window.element(`The web server ${host} asks for a name and a password.`);
      await window.press('Try Again');
      await focused(window, 'User');
      await type('ada');
      await type(PASSWORD);
      await letIn(window);
      await window.press('Quit');
      assert.equal(await terminal.ended, 65);
      assert.doesNotMatch(terminal.shown, /Name:|Password:/);
    } finally {
      await terminal[Symbol.asyncDispose]();
      await server.stop();
    }
  });

  it('asks where a keyring stays locked, or hangs, and takes the question back at its end', async () => {
    const server = await serve('digest', PASSWORD);
    try {
      await keep(PASSWORD, server.origin, 'digest');
      await keyring.lock();
      const { program, window } = open(server.origin);
      await focused(window, 'User');
      assert.ok((await namesOf(window)).includes(REMEMBER));
      await display.run('xdotool', 'key', 'Escape');
      keyring.hang(true);
      await window.press('Try Again');
      await focused(window, 'User');
      assert.ok(!(await namesOf(window)).includes(REMEMBER));
      program.kill('SIGTERM');
      const { status, stderr } = await program.ended;
      assert.equal(status, 0);
      assert.doesNotMatch(stderr, /CRITICAL|WARNING/);
    } finally {
      keyring.hang(false);
      await server.stop();
    }
  });

  /** Moves the keyboard through these, in this order. */
  async function goTo(window: WindowOnScreen, ...names: readonly string[]): Promise<void> {
    for (const name of names) {
      await display.run('xdotool', 'key', 'Tab');
      await focused(window, name);
    }
  }

  /** Puts a password of ada's into the keyring, as the window does. */
  function keep(password: string, origin: string, scheme: Scheme): Promise<void> {
    const schema = ['xdg:schema', 'org.vmnetx.VMNetX.Login'];
    const site = ['origin', origin, 'realm', 'Machines of 1990', 'scheme', scheme];
    return keyring.keep(password, ...schema, ...site, 'user', 'ada');
  }

  /** What GNOME's own tool finds in the keyring. */
  function kept(origin: string): Promise<string | undefined> {
    const words = ['lookup', 'origin', origin, 'user', 'ada'];
    return keyring.run('secret-tool', ...words).catch(() => undefined);
  }
});

async function namesOf(window: WindowOnScreen): Promise<readonly string[]> {
  return (await elementsOf(window)).map(({ name }) => name);
}

/** None where a dialog goes while somebody looks. */
function elementsOf(window: WindowOnScreen): Promise<readonly Element[]> {
  return window.elements().catch(() => []);
}

function dialogs(elements: readonly { readonly role: string }[]): readonly unknown[] {
  return elements.filter(({ role }) => role === 'dialog');
}

async function focused(window: WindowOnScreen, name: string): Promise<void> {
  await eventually(
    `“${name}” has the keyboard`,
    async () =>
      (await elementsOf(window)).some((element) => element.name === name && element.focused)
        ? true
        : undefined,
    20_000,
  );
}

async function letIn(window: WindowOnScreen): Promise<void> {
  await eventually(
    'it is let in',
    async () => ((await namesOf(window)).some((name) => name.includes(LET_IN)) ? true : undefined),
    20_000,
  );
}

/** Where a text can be read: files below a folder, what was printed, and what is known of processes. */
async function placesOf(
  text: string,
  folder: string,
  program: StartedProgram,
): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  const processes = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const told = processes.flatMap((pid) => [`/proc/${pid}/cmdline`, `/proc/${pid}/environ`]);
  const found: string[] = [];
  for (const path of [...files, ...told]) {
    const content = await readFile(path).catch(() => Buffer.alloc(0));
    if (content.includes(text)) found.push(path);
  }
  if (`${program.stdout()}${program.stderr()}`.includes(text)) found.push('what it printed');
  return found;
}
