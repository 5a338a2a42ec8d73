/**
 * demo [--screenshot PATH]: the whole path on real parts. Builds the demo machine, packs it, serves it
 * by nginx on loopback, and opens its reference in a window until that is closed; with --screenshot
 * only until the guest's picture is there, which it saves.
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs, promisify } from 'node:util';
import { PNG } from 'pngjs';
import { startNginx } from '../test/support/nginx.js';
import { takeScreenshot } from '../test/support/screen.js';
import { WindowOnScreen } from '../test/support/window-on-screen.js';
import { comparePattern, locateCard } from '../test/support/test-pattern.js';
import { buildDemoPackage } from './demo-package.js';
import { command } from './command.js';

const run = promisify(execFile);

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

/** Serves the package and shows it; returns the window's exit status. */
async function demonstrate(
  screenshot: string | undefined,
  folder: string,
  signal: AbortSignal,
): Promise<number> {
  const packagePath = await buildDemoPackage(say);
  signal.throwIfAborted();
  const nginx = await startNginx(dirname(packagePath));
  try {
    const url = `${nginx.origin}/${basename(packagePath)}`;
    const reference = join(folder, 'demo.netx');
    await run(command('vmnetx-generate'), ['-r', url, reference], { signal });
    say(`Opening ${reference}, which names ${url}`);
    return await showWindow(reference, screenshot, signal);
  } finally {
    await nginx.stop();
  }
}

async function showWindow(
  reference: string,
  screenshot: string | undefined,
  signal: AbortSignal,
): Promise<number> {
  // Each demo has a server of its own, so what is fetched from it would never be needed again.
  const env = { ...process.env, XDG_CACHE_HOME: join(dirname(reference), 'cache') };
  const window = spawn(command('vmnetx'), ['open', reference], { env, stdio: 'inherit' });
  const closed = new AbortController();
  const exit = once(window, 'exit').then(() => {
    closed.abort(new Error('The window closed before the guest showed a picture'));
  });
  signal.addEventListener('abort', () => window.kill('SIGTERM'));
  try {
    if (screenshot !== undefined) await savePicture(screenshot, window.pid ?? 0, closed.signal);
  } finally {
    if (screenshot !== undefined) window.kill('SIGTERM');
    await exit;
  }
  return window.exitCode ?? 70;
}

const { values } = parseArgs({ options: { screenshot: { type: 'string' } } });
const { screenshot } = values;
const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    interrupted.abort();
  });
}
const folder = await mkdtemp(join(tmpdir(), 'vmnetx-demo-'));
try {
  process.exitCode = await demonstrate(screenshot, folder, interrupted.signal);
  if (screenshot !== undefined && process.exitCode === 0) {
    process.stdout.write(`screenshot: ${screenshot}\n`);
  }
} catch (error) {
  say(`The demo could not be shown: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 70;
} finally {
  await rm(folder, { recursive: true, force: true });
}
