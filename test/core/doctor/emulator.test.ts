import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PrivateLibvirt } from '../../support/private-libvirt.js';
import { DamagedComputer } from './support/damaged-computer.js';

const QEMU = '/usr/bin/qemu-system-x86_64';

describe('the checks of what runs machines', function () {
  this.timeout(40_000);
  let computer: DamagedComputer;

  beforeEach(async () => {
    computer = await DamagedComputer.make();
  });

  afterEach(() => computer[Symbol.asyncDispose]());

  it('find QEMU, its version, its PCs and its devices', async () => {
    const [qemu, devices] = await computer.findings(['qemu', 'devices']);
    assert.equal(qemu?.state, 'good');
    assert.match(qemu.found, /^Version \d+\.\d+, with PCs as of QEMU \d+\.\d+ to \d+\.\d+\.$/);
    assert.equal(devices?.state, 'good');
  });

  it('notice that QEMU is missing, also to libvirt', async () => {
    const libvirt = await PrivateLibvirt.prepare();
    try {
      const [qemu, devices, service] = await computer.findings(['qemu', 'devices', 'libvirt'], {
        damage: `mount --bind /dev/null ${QEMU}`,
        environment: libvirt.environment,
      });
      assert.equal(qemu?.state, 'bad');
      assert.equal(qemu.advice, 'Install it: sudo apt install qemu-system-x86');
      assert.equal(devices?.state, 'unknown');
      assert.equal(service?.state, 'bad');
      assert.match(service.found, /^libvirt answers, but cannot run QEMU \(.+\)\.$/);
    } finally {
      await libvirt.stop();
    }
  });

  it('tell what an old or reduced QEMU lacks', async () => {
    const reduced = async (version: string, types: string) => {
      const program = await computer.program(
        'qemu',
        `case "$*" in
          *--version) echo 'QEMU emulator version ${version}' ;;
          '-machine help') printf '${types}' ;;
          *) cat '${computer.folder}/devices' ;;
        esac`,
      );
      return computer.findings(['qemu', 'devices'], {
        damage: `${QEMU} -machine none -device help | grep -v '"qxl-vga"\\|"ES1370"' > '${computer.folder}/devices'
          mount --bind '${program}' ${QEMU}`,
      });
    };
    const [old, lacking] = await reduced('6.2.0', 'pc-i440fx-2.12 A\\npc-i440fx-2.4 B\\n');
    assert.equal(old?.state, 'warning');
    assert.equal(old.found, 'Version 6.2, with PCs as of QEMU 2.4 to 2.12.');
    assert.equal(lacking?.state, 'warning');
    assert.equal(
      lacking.found,
      'QEMU lacks some devices: sound cards ES1370; graphics cards qxl-vga.',
    );
    const [without] = await reduced('10.1.0', 'pc-q35-rhel9.4.0 A\\n');
    assert.equal(without?.state, 'bad');
    assert.match(without.found, /^Version 10\.1 is there, but without the ordinary PC/);
  });

  it('notice that nobody can answer for libvirt', async () => {
    // With a daemon that cannot be started it would try for 5 s; with no place for a socket it does not.
    await writeFile(join(computer.runtime, 'libvirt'), '');
    const { state, found, advice } = await computer.finding('libvirt');
    assert.equal(state, 'bad');
    assert.match(found, /^libvirt does not answer/);
    assert.match(advice ?? '', /libvirt-daemon-driver-qemu/);
  });

  it('do not wait for a libvirt that never answers', async () => {
    await mkdir(join(computer.runtime, 'libvirt'));
    const silent = createServer().listen(join(computer.runtime, 'libvirt/libvirt-sock'));
    await once(silent, 'listening');
    try {
      const { state, found } = await computer.finding('libvirt', { milliseconds: 300 });
      assert.deepEqual([state, found], ['bad', 'There was no answer within 0.3 seconds.']);
    } finally {
      silent.close();
    }
  });

  it('notice that qemu-img is missing, which only publishers need', async () => {
    const environment = { PATH: computer.runtime };
    const { state, advice } = await computer.finding('publishing', { environment });
    assert.deepEqual([state, advice], ['warning', 'Install it: sudo apt install qemu-utils']);
    assert.equal((await computer.finding('publishing')).state, 'good');
  });
});
