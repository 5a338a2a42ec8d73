/**
 * demo [--screenshot PATH]: the whole path on real parts. Builds the demo machine, packs it, serves it
 * by nginx on loopback, and opens its reference in a window until that is closed; with --screenshot
 * only until the guest's picture is there, which it saves.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { PNG } from 'pngjs';
import { startNginx } from '../test/support/nginx.js';
import { takeScreenshot } from '../test/support/screen.js';
import { WindowOnScreen } from '../test/support/window-on-screen.js';
import { comparePattern, locateCard } from '../test/support/test-pattern.js';
import { buildDemoPackage } from './demo-package.js';
import { command } from './command.js';

/** How long the guest may take to show its picture, under software emulation. */
const PICTURE_MILLISECONDS = 120_000;

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Waits for the guest's whole test card on the screen, and saves a picture of the window. */
async function savePicture(path: string, pid: number, signal: AbortSignal): Promise<void> {
  const end = performance.now() + PICTURE_MILLISECONDS;
  while (performance.now() < end) {
    signal.throwIfAborted();
    const picture = await takeScreenshot();
    const place = locateCard(picture);
    if (place !== null) {
      const { matching, total } = comparePattern(picture, place);
      if (matching === total) {
        await mkdir(dirname(path), { recursive: true });
        const window = await new WindowOnScreen(pid).id();
        await writeFile(path, PNG.sync.write(await takeScreenshot(window)));
        return;
      }
    }
    await sleep(250);
  }
  throw new Error(`The guest showed no picture within ${PICTURE_MILLISECONDS / 1000} s`);
}

const { values } = parseArgs({ options: { screenshot: { type: 'string' } } });
const folder = await mkdtemp(join(tmpdir(), 'vmnetx-demo-'));
try {
  const packagePath = await buildDemoPackage(say);
  const nginx = await startNginx(dirname(packagePath));
  try {
    const url = `${nginx.origin}/${basename(packagePath)}`;
    const reference = join(folder, 'demo.netx');
    const written = spawn(command('vmnetx-generate'), ['-r', url, reference], { stdio: 'inherit' });
    await once(written, 'exit');
    say(`Opening ${reference}, which names ${url}`);
    const window = spawn(command('vmnetx'), ['open', reference], { stdio: 'inherit' });
    const closed = new AbortController();
    const exit = once(window, 'exit').then(() => {
      closed.abort(new Error('The window closed before the guest showed a picture'));
    });
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => window.kill(signal));
    }
    if (values.screenshot !== undefined) {
      try {
        await savePicture(values.screenshot, window.pid ?? 0, closed.signal);
      } finally {
        window.kill('SIGTERM');
      }
    }
    await exit;
    process.exitCode = window.exitCode ?? 70;
  } finally {
    await nginx.stop();
  }
  if (values.screenshot !== undefined && process.exitCode === 0) {
    process.stdout.write(`screenshot: ${values.screenshot}\n`);
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
