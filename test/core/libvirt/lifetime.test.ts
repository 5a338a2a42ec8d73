import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runScript } from './child-script.js';
import { firmwareMachine } from './firmware-machine.js';
import { PrivateLibvirt } from '../../support/private-libvirt.js';

const DONE = { status: 0, signal: null, stderr: '' } as const;

describe('a process that uses libvirt', function () {
  this.timeout(60_000);
  let libvirt: PrivateLibvirt;

  before(async () => {
    libvirt = await PrivateLibvirt.start();
  });

  after(async () => {
    await libvirt.stop();
  });

  const run = (statements: string): ReturnType<typeof runScript> =>
    runScript(statements, libvirt.environment);

  /** Statements that leave a call of `domain` without an answer, as its QEMU stands still. */
  const blocked = (name: string): string => `
    const { readFileSync } = await import('node:fs');
    const connection = await openConnection();
    const domain = await connection.createDomain(${JSON.stringify(firmwareMachine(name))},
      { autodestroy: true });
    const pid = process.env.XDG_RUNTIME_DIR + '/libvirt/qemu/run/${name}.pid';
    process.kill(Number(readFileSync(pid, 'utf8')), 'SIGSTOP');
    const call = domain.suspend().catch(() => 'failed');
    await delay(300);`;

  it('has no descriptors, threads or references left after fifty connections', async () => {
    const { stdout, ...ended } = await run(`
      const open = () => [count('/proc/self/fd'), count('/proc/self/task')].join();
      const before = open();
      const left = new Set();
      const kept = [];
      for (let round = 0; round < 50; round += 1) {
        const connection = await openConnection();
        connection.onEvent(() => undefined);
        await Promise.all([connection.listDomains(), connection.capabilities()]);
        if (round === 0) {
          const xml = ${JSON.stringify(firmwareMachine('vmnetx-kept'))};
          kept.push(await connection.createDomain(xml, { paused: true }));
        }
        kept.push(await connection.lookupDomain('vmnetx-kept'));
        left.add(await connection.close());
      }
      const connection = await openConnection();
      await (await connection.lookupDomain('vmnetx-kept')).destroy();
      left.add(await connection.close());
      for (let wait = 0; wait < 50 && open() !== before; wait += 1) await delay(100);
      console.log(before === open() ? 'same' : before + ' became ' + open());
      console.log([...left].join(), kept.length);`);
    assert.deepEqual(ended, DONE);
    assert.equal(stdout, 'same\n0 51\n');
  });

  it('ends by itself after the last close', async () => {
    const { stdout, ...ended } = await run(`
      const connection = await openConnection();
      connection.onEvent(() => undefined);
      console.log((await connection.listDomains()).length, await connection.close());`);
    assert.deepEqual(ended, DONE);
    assert.equal(stdout, '0 0\n');
  });

  it('ends by itself with a connection that nobody closed', async () => {
    const ended = await run(`
      const connection = await openConnection();
      connection.onEvent(() => undefined)();
      await connection.listDomains();`);
    assert.deepEqual(ended, { ...DONE, stdout: '' });
  });

  it('stays while it listens, and ends by itself when it does no longer', async () => {
    const ended = await run(`
      const connection = await openConnection();
      const xml = ${JSON.stringify(firmwareMachine('vmnetx-listen'))};
      const domain = await connection.createDomain(xml, { paused: true });
      const stop = connection.onEvent(({ event }) => {
        if (event !== 'stopped') return;
        console.log(event);
        stop();
      });
      const { spawn } = await import('node:child_process');
      const later = 'sleep 1; kill -9 $(cat $XDG_RUNTIME_DIR/libvirt/qemu/run/vmnetx-listen.pid)';
      spawn('sh', ['-c', later], { detached: true, stdio: 'ignore' }).unref();`);
    assert.deepEqual(ended, { ...DONE, stdout: 'stopped\n' });
  });

  it('does not end before a call has its answer', async () => {
    const ended = await run(`
      const connection = await openConnection();
      connection.capabilities().then(({ length }) => console.log(length > 0));`);
    assert.deepEqual(ended, { ...DONE, stdout: 'true\n' });
  });

  it('can exit while calls are under way', async () => {
    const started = performance.now();
    const ended = await run(`${blocked('vmnetx-exit')}
      void connection.capabilities();
      void openConnection();
      process.exit(7);`);
    assert.deepEqual(ended, { ...DONE, status: 7, stdout: '' });
    assert.ok(performance.now() - started < 10_000);
  });

  it('can end a worker while calls of the worker are under way, and go on', async () => {
    const file = join(libvirt.folder, 'worker.mjs');
    const face = new URL('../../../src/core/libvirt/index.js', import.meta.url).href;
    await writeFile(
      file,
      `import { parentPort } from 'node:worker_threads';
       import { openConnection } from ${JSON.stringify(face)};
       const connection = await openConnection();
       connection.onEvent(({ type }) => parentPort.postMessage(type));
       const xml = ${JSON.stringify(firmwareMachine('vmnetx-worker'))};
       await connection.createDomain(xml, { autodestroy: true });
       for (;;) {
         void connection.capabilities();
         await connection.listDomains();
       }`,
    );
    const { stdout, ...ended } = await run(`
      const { Worker } = await import('node:worker_threads');
      const worker = new Worker(${JSON.stringify(file)}, { execArgv: [] });
      await new Promise((resolve) => worker.once('message', resolve));
      await delay(500);
      console.log('terminated with', await worker.terminate());
      const connection = await openConnection();
      const worked = () => connection.listDomains({ prefix: 'vmnetx-worker' });
      let domains = await worked();
      for (let wait = 0; wait < 50 && domains.length > 0; wait += 1) {
        await delay(100);
        domains = await worked();
      }
      console.log(domains.length, await connection.close());`);
    assert.deepEqual(ended, DONE);
    // The worker's connection has gone, and its domain with it.
    assert.equal(stdout, 'terminated with 1\n0 0\n');
  });
});
