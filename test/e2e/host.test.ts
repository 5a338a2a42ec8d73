import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { command } from '../../scripts/command.js';
import { buildDemoPackage } from '../../scripts/demo-package.js';
import { WindowOnScreen } from '../support/window-on-screen.js';
import { Desktop } from './support/desktop.js';
import { assertTold, endPrograms, startProgram } from './support/program.js';

/** The caller's own account, with the right to mount inside the namespace. */
const UNPRIVILEGED = ['--user', '--mount', '--map-current-user', '--keep-caps'];

describe('a computer that cannot run machines', function () {
  this.timeout(60_000);

  let desktop: Desktop;
  let packagePath: string;

  before(async () => {
    packagePath = await buildDemoPackage(() => undefined);
    desktop = await Desktop.prepare();
  });

  afterEach(endPrograms);

  after(async () => {
    await desktop[Symbol.asyncDispose]();
  });

  /** Shell lines that leave only harmless devices in /dev, and an empty file for each of the names. */
  function planted(...names: readonly string[]): string {
    const devices = join(desktop.folder, 'devices');
    return `mkdir -p '${devices}'; mount -t tmpfs none '${devices}'
      for name in null zero random urandom; do
        touch '${devices}'/$name; mount --bind /dev/$name '${devices}'/$name
      done
      for name in ${names.join(' ')}; do touch '${devices}'/$name; done
      mount --rbind '${devices}' /dev`;
  }

  /** Runs a shell line in a user namespace, where devices and accounts can be taken away. */
  async function inNamespace(options: readonly string[], line: string) {
    const shell = spawn('unshare', [...options, 'sh', '-euc', line], {
      env: desktop.environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [stdout, stderr] = ['', ''];
    shell.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    shell.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    await once(shell, 'close');
    return { status: shell.exitCode, stdout, stderr };
  }

  it('for want of /dev/fuse says so and what to install, when it is to mount', async () => {
    const target = join(desktop.folder, 'target');
    await mkdir(target);
    const { status, stderr } = await inNamespace(
      UNPRIVILEGED,
      `${planted()}; exec '${command('vmnetx')}' mount '${packagePath}' '${target}'`,
    );
    assertTold(stderr, 'host-no-fuse');
    assert.equal(status, 69);
  });

  it('for want of /dev/fuse says so in the window, and leaves nothing', async () => {
    // fusermount3 itself says that there is no device: the same as where the module is missing.
    const folder = join(desktop.folder, 'bin');
    await mkdir(folder);
    await writeFile(
      join(folder, 'fusermount3'),
      '#!/bin/sh\nexec unshare --user --mount --map-current-user --keep-caps sh -c \'mount -t tmpfs none /dev; exec /usr/bin/fusermount3 "$@"\' sh "$@"\n',
      { mode: 0o755 },
    );
    const environment = { ...desktop.environment, PATH: `${folder}:${process.env['PATH'] ?? ''}` };
    await sees(environment, 'host-no-fuse', 69);
  });

  it('for want of libvirt says so in the window, and leaves nothing', async () => {
    const runtime = join(desktop.folder, 'without-libvirt');
    await mkdir(runtime, { mode: 0o700 });
    const environment = {
      ...desktop.environment,
      XDG_RUNTIME_DIR: runtime,
      LIBVIRTD_PATH: '/nonexistent/libvirtd',
    };
    await sees(environment, 'host-no-libvirt', 69);
  });

  it('with a KVM that no guest runs in takes software emulation, and remembers that', async () => {
    const record = join(desktop.folder, 'run/vmnetx');
    const line = `${planted('kvm')}; exec '${command('vmnetx')}' info --json '${packagePath}'`;
    const accelerator = async (wish: string): Promise<string | undefined> => {
      const told = await inNamespace(UNPRIVILEGED, `export VMNETX_ACCELERATOR=${wish}; ${line}`);
      return /"(?:accelerator|code)": "([^"]+)"/.exec(told.stdout)?.[1];
    };
    assert.equal(await accelerator('auto'), 'tcg');
    assert.equal(await accelerator('kvm'), 'host-no-kvm');
    const boot = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
    const name = `kvm-${boot}.json`;
    await mkdir(record, { recursive: true, mode: 0o700 });
    await writeFile(join(record, name), '{"usable":true}');
    assert.equal(await accelerator('auto'), 'kvm');
    await writeFile(join(record, name), 'noise');
    assert.equal(await accelerator('auto'), 'tcg');
  });

  it('because somebody is root refuses to open a machine', async () => {
    const { status, stderr } = await inNamespace(
      ['--user', '--map-root-user'],
      `exec '${command('vmnetx')}' open '${packagePath}'`,
    );
    assertTold(stderr, 'host-root');
    assert.equal(status, 77);
  });

  it('for want of a display says what is wrong with the machine first', async () => {
    const environment = { ...desktop.environment };
    delete environment['DISPLAY'];
    const missing = await startProgram('vmnetx', ['/nonexistent.netx'], environment).ended;
    assertTold(missing.stderr, 'reference-missing');
    assert.equal(missing.status, 66);
    const fine = await startProgram('vmnetx', [packagePath], environment).ended;
    assertTold(fine.stderr, 'host-no-display');
    assert.equal(fine.status, 69);
  });

  async function sees(environment: NodeJS.ProcessEnv, code: string, status: number): Promise<void> {
    const program = startProgram('vmnetx', ['open', packagePath], environment);
    const window = new WindowOnScreen(program.pid);
    await window.press('Details');
    await window.press('Quit');
    const ended = await program.ended;
    assertTold(ended.stderr, code);
    assert.equal(ended.status, status);
    assert.deepEqual(await desktop.remains(), []);
  }
});
