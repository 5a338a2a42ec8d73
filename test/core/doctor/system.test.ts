import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { CHECKS, examine, type Host } from '../../../src/core/doctor/index.js';
import { checkout } from '../../support/checkout.js';
import { DamagedComputer } from './support/damaged-computer.js';
import { testHost } from './support/test-host.js';

describe('the checks of the system', function () {
  this.timeout(20_000);
  let root: string;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'doctor-system-'));
  });

  afterEach(() => rm(root, { recursive: true }));

  async function plant(path: string, text: string): Promise<void> {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }

  async function finding(id: string, changes: Partial<Host> = { root }) {
    const checks = CHECKS.filter((check) => check.id === id);
    const [result] = await examine(checks, testHost(changes), new AbortController().signal);
    assert.ok(result !== undefined);
    return result;
  }

  it('refuse root, and touch nothing that is not root’s', async () => {
    const { state, meaning } = await finding('account', { userId: 0 });
    assert.equal(state, 'bad');
    assert.match(meaning, /refused to root/);
    assert.equal((await finding('libvirt', { userId: 0 })).state, 'unknown');
    assert.equal((await finding('display', { userId: 0 })).state, 'unknown');
    assert.equal((await finding('account', { userId: 1000 })).state, 'good');
  });

  it('tell what SELinux lets machines read', async () => {
    assert.equal((await finding('selinux')).state, 'good');
    await plant('sys/fs/selinux/enforce', '1');
    await plant('sys/fs/selinux/booleans/virt_use_fusefs', '0 0');
    const { state, advice } = await finding('selinux');
    assert.equal(state, 'warning');
    assert.match(advice ?? '', /setsebool -P virt_use_fusefs 1/);
    await plant('sys/fs/selinux/booleans/virt_use_fusefs', '1 1');
    assert.deepEqual((await finding('selinux')).state, 'good');
    await plant('sys/fs/selinux/enforce', '0');
    assert.match((await finding('selinux')).found, /not enforcing/);
  });

  it('tell whether AppArmor is on', async () => {
    assert.match((await finding('apparmor')).found, /not on/);
    await plant('sys/module/apparmor/parameters/enabled', 'Y\n');
    assert.match((await finding('apparmor')).found, /is on/);
  });

  it('want system calls to be filtered, without which QEMU is not started', async () => {
    assert.equal((await finding('seccomp', {})).state, 'good');
    assert.equal((await finding('seccomp')).state, 'bad');
    await plant('proc/sys/kernel/seccomp/actions_avail', 'kill_process trap errno log allow\n');
    assert.equal((await finding('seccomp')).state, 'good');
  });

  it('notice limits that are too narrow, and what the shell calls them', async () => {
    const plantLimits = (files: string, size: string, memory: string) =>
      plant(
        'proc/self/limits',
        `Limit                     Soft Limit           Hard Limit           Units
Max file size             ${size}            unlimited            bytes
Max open files            ${files}                 4096                 files
Max address space         ${memory}            unlimited            bytes\n`,
      );
    assert.equal((await finding('limits')).state, 'unknown');
    await plantLimits('1024', 'unlimited', 'unlimited');
    assert.equal((await finding('limits')).state, 'good');
    await plantLimits('64', '1048576', '8589934592');
    const { state, found } = await finding('limits');
    assert.equal(state, 'bad');
    assert.match(found, /: 64 open files \(ulimit -n\), .*ulimit -f\), .*ulimit -v\)\.$/);
    assert.equal((await finding('limits', {})).state, 'good');
  });

  it('tell what one machine may have', async () => {
    const { state, found } = await finding('capacity');
    assert.equal(state, 'good');
    assert.equal(found, 'A machine may have 4 GiB of memory and 4 processors.');
    const small = { memoryBytes: 2 ** 29, processors: 1 };
    const little = await finding('capacity', { capacity: small });
    assert.equal(little.state, 'warning');
    assert.equal(little.found, 'A machine may have 512 MiB of memory and 1 processor.');
  });

  it('name the programs without which saved machines start from their disk', async () => {
    await using computer = await DamagedComputer.make();
    const whole = await computer.finding('resuming');
    assert.deepEqual([whole.state, whole.advice], ['good', null]);
    for (const name of ['gzip', 'bzip2', 'zstd']) {
      await symlink(join('/usr/bin', name), join(computer.folder, name));
    }
    const environment = { PATH: computer.folder };
    const { state, found, meaning, advice } = await computer.finding('resuming', { environment });
    assert.equal(state, 'warning');
    assert.equal(found, 'Not installed, or cannot be run: xz, lzop.');
    assert.match(meaning, /start from their disk/);
    assert.equal(advice, 'Install it: sudo apt install xz-utils lzop');
  });

  it('notice parts of the program that are missing or do not fit', async () => {
    await using computer = await DamagedComputer.make();
    const whole = await computer.findings(['parts', 'landlock']);
    assert.deepEqual(
      whole.map(({ state }) => state),
      ['good', 'good'],
    );
    const part = (path: string) => join(checkout, 'native', path);
    const none = await computer.program('none', 'echo none');
    const damage = `mount --bind /dev/null '${part('locks/build/Release/locks.node')}'
      mount --bind /dev/null '${part('kvm-probe/build/Release/kvm-probe')}'
      mount --bind '${none}' '${part('launcher/build/Release/vmnetx-launcher')}'`;
    const [parts, landlock] = await computer.findings(['parts', 'landlock'], { damage });
    assert.equal(parts?.state, 'bad');
    assert.equal(parts.found, 'Missing, or not made for this computer: locks, kvm-probe.');
    assert.equal(landlock?.state, 'warning');
    assert.match(landlock.meaning, /can read and change your files/);
  });
});
