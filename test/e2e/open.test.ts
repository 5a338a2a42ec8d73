import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { command } from '../../scripts/command.js';
import { buildDemoPackage } from '../../scripts/demo-package.js';
import { guestData } from '../support/guest-data.js';
import { startNginx, type Nginx } from '../support/nginx.js';
import { comparePoints, type Picture, type Placement } from '../support/picture.js';
import { output } from '../support/programs.js';
import { comparePattern, keyPoints, markerPoints } from '../support/test-pattern.js';
import { eventually, until } from '../support/wait.js';
import { Desktop } from './support/desktop.js';
import { GuestConsole } from './support/guest-console.js';
import { installProgram, type InstalledProgram } from './support/installed-program.js';
import { findWindowProcess, MachineOnScreen } from './support/machine-on-screen.js';
import { endPrograms, startProgram } from './support/program.js';

const PICTURE_MILLISECONDS = 60_000;
const GONE_MILLISECONDS = 5000;
/** KEY_A of linux/input-event-codes.h. */
const KEY_A = 30;

/** Whether at least 99 % of the sample points have their colour. */
function isTestCard(picture: Picture, at: Placement): boolean {
  const { matching, total } = comparePattern(picture, at);
  return matching >= 0.99 * total;
}

/** The picture with a band of it black, and the picture moved to the right. */
function brokenPictures({ width, height, data }: Picture): readonly Picture[] {
  const darkened = Uint8Array.from(data);
  darkened.fill(0, Math.floor(height / 3) * width * 4, Math.floor(height / 2) * width * 4);
  const moved = new Uint8Array(data.length);
  moved.set(data.subarray(0, data.length - 200), 200);
  return [
    { width, height, data: darkened },
    { width, height, data: moved },
  ];
}

/** Waits for the test card where the guest's screen has to be. */
function seeTestCard(window: MachineOnScreen): Promise<Picture> {
  return eventually(
    'the test card is on the screen',
    async () => {
      const at = await window.placement().catch(() => undefined);
      const picture = await window.picture();
      return at !== undefined && isTestCard(picture, at) ? picture : undefined;
    },
    PICTURE_MILLISECONDS,
  );
}

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

describe('opening a machine', function () {
  this.timeout(180_000);

  let packagePath: string;
  let desktop: Desktop;
  let nginx: Nginx;
  let url: string;
  let console: string;
  let installed: InstalledProgram;

  before(async () => {
    packagePath = await buildDemoPackage(() => undefined);
    desktop = await Desktop.prepare();
    nginx = await startNginx(dirname(packagePath));
    url = `${nginx.origin}/${basename(packagePath)}`;
    console = join(desktop.folder, 'console');
    desktop.environment['VMNETX_CONSOLE'] = console;
    installed = await installProgram(desktop);
    // The desktop entry opens what links name, and the tests' server is in no public network.
    const settings = join(desktop.folder, 'config', 'vmnetx');
    await mkdir(settings, { recursive: true });
    await writeFile(join(settings, 'settings.json'), '{"links.privateHosts": ["127.0.0.1"]}');
  });

  afterEach(endPrograms);

  after(async () => {
    await nginx.stop();
    await desktop[Symbol.asyncDispose]();
  });

  /** What the window says must be what happens: keys, clicks, the disk. */
  async function useMachine(window: MachineOnScreen): Promise<void> {
    await seeTestCard(window);
    assert.match(
      await desktop.virsh('list', '--title'),
      /vmnetx-[0-9a-f]{8} +running +VMNetX demo/,
    );

    await window.pressKey('a');
    await eventually('the key is seen', async () => {
      const at = await window.placement();
      const { matching, total } = comparePoints(await window.picture(), at, keyPoints(KEY_A));
      return matching === total ? true : undefined;
    });
    await window.click(600, 470);
    await eventually('the click is seen', async () => {
      const at = await window.placement();
      const points = markerPoints(600, 470, 'left');
      const { matching, total } = comparePoints(await window.picture(), at, points);
      return matching === total ? true : undefined;
    });

    using shell = await GuestConsole.open(console);
    const written = await shell.run(
      'dd if=/dev/urandom of=/disk/own bs=64k count=40 2>/dev/null; sync; sha256sum </disk/own',
    );
    const read = await shell.run('echo 3 >/proc/sys/vm/drop_caches; sha256sum </disk/own');
    assert.equal(read, written);
    const published = await shell.run(
      'dd if=/dev/data bs=1M skip=300 count=4 2>/dev/null | sha256sum',
    );
    const expected = createHash('sha256')
      .update(guestData(300 << 20, 4 << 20))
      .digest('hex');
    assert.equal(published.split(' ')[0], expected);
  }

  async function seeNothingLeft(): Promise<void> {
    let remains: readonly string[] = [];
    await eventually(
      'nothing is left',
      async () => {
        remains = await desktop.remains();
        return remains.length === 0 ? true : undefined;
      },
      GONE_MILLISECONDS,
    ).catch(() => {
      assert.deepEqual(remains, []);
    });
  }

  async function openAndUse(location: string): Promise<void> {
    const program = startProgram('vmnetx', ['open', location], desktop.environment);
    const window = new MachineOnScreen(program.pid);
    await useMachine(window);
    await window.press('Quit');
    await seeNothingLeft();
    const { status, stderr } = await program.ended;
    assert.deepEqual({ status, stderr }, { status: 0, stderr: '' });
  }

  it('by a reference on a web server brings it to life, and closing it leaves nothing', async () => {
    const before = { hash: await sha256(packagePath), time: (await stat(packagePath)).mtimeMs };
    const reference = join(desktop.folder, 'machine.netx');
    await output(command('vmnetx-generate'), '-r', url, reference);
    const asked = (await nginx.requests()).length;

    const program = startProgram('vmnetx', [reference], desktop.environment);
    const window = new MachineOnScreen(program.pid);
    const picture = await seeTestCard(window);
    for (const broken of brokenPictures(picture)) {
      assert.equal(isTestCard(broken, await window.placement()), false);
    }
    const requests = (await nginx.requests()).slice(asked);
    const served = requests.reduce((sum, { bodyBytes }) => sum + bodyBytes, 0);
    const { size } = await stat(packagePath);
    assert.ok(served > 0 && served <= 0.15 * size, `${served} of ${size} bytes were served`);
    assert.ok(requests.every(({ status }) => status === 206));

    await useMachine(window);

    // What the guest wrote is discarded by a restart.
    const first = await desktop.virsh('list', '--name');
    await window.press('Restart');
    await until('the machine starts again', async () => {
      const name = await desktop.virsh('list', '--name');
      return name !== '' && name !== first;
    });
    await seeTestCard(window);
    using shell = await GuestConsole.open(console);
    assert.equal(await shell.run('ls /disk/own 2>/dev/null || echo none'), 'none');

    await window.press('Quit');
    await seeNothingLeft();
    const { status, stderr } = await program.ended;
    assert.deepEqual({ status, stderr }, { status: 0, stderr: '' });
    assert.deepEqual(
      { hash: await sha256(packagePath), time: (await stat(packagePath)).mtimeMs },
      before,
    );
  });

  it('by a package file brings it to life, and closing it leaves nothing', async () => {
    await openAndUse(packagePath);
  });

  it('by a vmnetx+http link brings it to life, and closing it leaves nothing', async () => {
    await openAndUse(`vmnetx+${url}`);
  });

  it('by “gio open” starts the installed program with it, and closing it leaves nothing', async () => {
    const reference = join(desktop.folder, 'my machine.netx');
    await output(command('vmnetx-generate'), '-r', url, reference);
    await installed.open(reference);
    const pid = await eventually('the program runs', () => findWindowProcess(reference));
    const window = new MachineOnScreen(pid);
    await useMachine(window);
    await window.press('Quit');
    await seeNothingLeft();
  });

  it('by “gio open” of a link starts the installed program with the same link', async () => {
    await installed.open(`vmnetx+${url}`);
    const pid = await eventually('the program runs', () => findWindowProcess(`vmnetx+${url}`));
    const window = new MachineOnScreen(pid);
    await window.element('Screen of the machine');
    // What comes from a link gets a network that leads nowhere.
    const name = await desktop.virsh('list', '--name');
    assert.match(await desktop.virsh('dumpxml', name), /restrict=on/);
    await window.press('Quit');
    await seeNothingLeft();
  });
});
