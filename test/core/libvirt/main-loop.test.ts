import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { text } from 'node:stream/consumers';
import { firmwareMachine } from './firmware-machine.js';
import { PrivateLibvirt } from './private-libvirt.js';

const NODE_GTK = createRequire(import.meta.url).resolve('node-gtk');
const FACE = new URL('../../../src/core/libvirt/index.js', import.meta.url).href;

/**
 * Runs GLib's main loop, as the window does, with an idle source of the default main context: were
 * libvirt's events run by that context too, one of both would end up on the wrong thread or starve.
 */
const PROGRAM = `
  const gi = require(${JSON.stringify(NODE_GTK)});
  const GLib = gi.require('GLib', '2.0');
  const loop = GLib.MainLoop.new(null, false);
  let ticks = 0;
  GLib.timeoutAdd(GLib.PRIORITY_DEFAULT, 10, () => { ticks += 1; return true; });
  (async () => {
    const { openConnection } = await import(${JSON.stringify(FACE)});
    const connection = await openConnection();
    const words = [];
    const stopped = new Promise((resolve) => connection.onEvent((event) => {
      words.push(event.event);
      if (event.event === 'stopped') resolve();
    }));
    const before = ticks;
    const xml = ${JSON.stringify(firmwareMachine('vmnetx-loop'))};
    const domain = await connection.createDomain(xml, { autodestroy: true });
    await domain.screenshot();
    await domain.destroy();
    await stopped;
    console.log(words.join(), ticks - before > 20 ? 'ticking' : ticks - before);
    console.log(await connection.close());
    process.exit(0);
  })().catch((error) => { console.error(error); process.exit(1); });
  loop.run();`;

describe('libvirt inside of the main loop of GLib', function () {
  this.timeout(60_000);

  it('calls and events get through, and the loop goes on meanwhile', async () => {
    const libvirt = await PrivateLibvirt.start();
    try {
      const child = spawn(process.execPath, ['--eval', PROGRAM], {
        env: libvirt.environment,
        stdio: ['ignore', 'pipe', 'pipe'],
        timeout: 20_000,
        killSignal: 'SIGKILL',
      });
      const output = Promise.all([text(child.stdout), text(child.stderr)]);
      await once(child, 'close');
      const [stdout, stderr] = await output;
      assert.equal(stderr, '');
      assert.equal(stdout, 'resumed,started,shutdown,stopped ticking\n0\n');
      assert.equal(child.exitCode, 0);
    } finally {
      await libvirt.stop();
    }
  });
});
