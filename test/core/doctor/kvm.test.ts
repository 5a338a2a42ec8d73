import assert from 'node:assert/strict';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkout } from '../../support/checkout.js';
import { DamagedComputer } from './support/damaged-computer.js';

const PROBE = join(checkout, 'native/kvm-probe/build/Release/kvm-probe');

describe('the check of KVM', function () {
  this.timeout(20_000);
  let computer: DamagedComputer;

  beforeEach(async () => {
    computer = await DamagedComputer.make();
  });

  afterEach(() => computer[Symbol.asyncDispose]());

  const environment = { VMNETX_ACCELERATOR: undefined };
  const finding = (damage: string) => computer.finding('kvm', { damage, environment });

  /** With a device that may be opened, and another program in the place of the probe guest. */
  async function probing(lines: string) {
    const probe = await computer.program('probe', lines);
    return finding(`${computer.devices('kvm')}; mount --bind '${probe}' '${PROBE}'`);
  }

  it('is content when the probe guest comes to its end', async () => {
    const { state, found } = await probing('exit 0');
    assert.deepEqual([state, found], ['good', 'A small guest ran on the processor itself.']);
  });

  it('does not take a device that can be opened for more than it is', async () => {
    const { state, found, advice } = await finding(computer.devices('kvm'));
    assert.equal(state, 'warning');
    assert.match(found, /guest could not be run/);
    assert.match(advice ?? '', /VT-x/);
  });

  it('knows a KVM in which guests hang, and keeps that for the next start', async () => {
    const { state, found, advice } = await probing('exec sleep 60');
    assert.equal(state, 'warning');
    assert.match(found, /within 2 seconds/);
    assert.match(advice ?? '', /nested/);
    assert.match((await readdir(join(computer.runtime, 'vmnetx'))).join(), /^kvm-[\w-]+\.json$/);
    const again = await finding(computer.devices('kvm'));
    assert.equal(again.found, found);
  });

  it('knows a processor that another program holds', async () => {
    const { state, advice } = await probing(
      'echo "create a machine: Device or resource busy" >&2; exit 1',
    );
    assert.equal(state, 'warning');
    assert.match(advice ?? '', /VirtualBox/);
  });

  for (const [situation, flags, expected] of [
    ['of Intel that has virtualisation', 'fpu vmx sse2', /modprobe kvm_intel/],
    ['of AMD that has virtualisation', 'fpu svm sse2', /modprobe kvm_amd/],
    ['that shows none', 'fpu sse2', /BIOS.*nested/],
  ] as const) {
    it(`tells what helps where there is no device, but a processor ${situation}`, async () => {
      const cpuinfo = join(computer.folder, 'cpuinfo');
      await writeFile(cpuinfo, `processor\t: 0\nflags\t\t: ${flags}\n`);
      const { state, found, advice } = await finding(
        `mount --bind '${cpuinfo}' /proc/cpuinfo; ${computer.devices()}`,
      );
      assert.equal(state, 'warning');
      assert.match(found, /there is no \/dev\/kvm\.$/);
      assert.match(advice ?? '', expected);
    });
  }

  it('names the group that may use the device, or says that only root may', async () => {
    const group = join(computer.folder, 'group');
    await writeFile(group, `root:x:0:\nvirtual:x:${process.getgid?.() ?? 0}:\n`);
    const damage = (mode: string) =>
      `mount --bind '${group}' /etc/group; ${computer.devices('kvm')}; chmod ${mode} /dev/kvm`;
    const toGroup = await finding(damage('0060'));
    assert.equal(toGroup.state, 'warning');
    assert.match(toGroup.found, /may not use it/);
    assert.match(toGroup.advice ?? '', /group “virtual”: sudo usermod -aG virtual /);
    const toRoot = await finding(damage('0000'));
    assert.match(toRoot.advice ?? '', /^Only root/);
  });

  it('is in the way of machines only where KVM is asked for', async () => {
    const forced = { VMNETX_ACCELERATOR: 'kvm' };
    const damage = computer.devices();
    const { state, meaning } = await computer.finding('kvm', { damage, environment: forced });
    assert.equal(state, 'bad');
    assert.match(meaning, /VMNETX_ACCELERATOR/);
  });
});
