import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { text } from 'node:stream/consumers';
import { withinProgram } from '../../../src/core/places/index.js';
import { firmwareMachine } from './firmware-machine.js';
import { PrivateLibvirt } from '../../support/private-libvirt.js';

const NODE_GTK = createRequire(import.meta.url).resolve('node-gtk');
const ADDON = withinProgram('native/libvirt/build/Release/libvirt.node');
const FACE = new URL('../../../src/core/libvirt/index.js', import.meta.url).href;

/**
 * Runs GLib's main loop, as the window does, while libvirt's thread is there already. Were that
 * thread to run the default main context, which is the window's, then the callback that counts
 * ticks would be called on it, and the process would crash.
 */
const PROGRAM = `
  const gi = require(${JSON.stringify(NODE_GTK)});
  const GLib = gi.require('GLib', '2.0');
  const first = require(${JSON.stringify(ADDON)}).open('qemu:///session');
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
  let ticks = 0;
  GLib.timeoutAdd(GLib.PRIORITY_DEFAULT, 10, () => { ticks += 1; return true; });
  const use = async ({ openConnection }) => {
    const connection = await openConnection();
    const words = [];
    const stopped = new Promise((resolve) => connection.onEvent((event) => {
      words.push(event.event);
      if (event.event === 'stopped') resolve();
    }));
    const xml = ${JSON.stringify(firmwareMachine('vmnetx-loop'))};
    const domain = await connection.createDomain(xml, { autodestroy: true });
    await domain.screenshot();
    await domain.destroy();
    await stopped;
    console.log(words.join(), ticks > 20 ? 'ticking' : ticks);
    console.log(await connection.close(), await (await first).close(0));
    process.exit(0);
  };
  import(${JSON.stringify(FACE)}).then(use).catch((error) => {
    console.error(error);
    process.exit(1);
  });
  GLib.MainLoop.new(null, false).run();`;

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
      assert.equal(stdout, 'resumed,started,shutdown,stopped ticking\n0 0\n');
      assert.equal(child.exitCode, 0);
    } finally {
      await libvirt.stop();
    }
  });
});
