import { amongDevices, before, DEVICES, inDomain, type Case } from './case.js';

export const hostFiles: readonly Case[] = [
  before('<boot dev="hd"/>', '<loader>/tmp/x</loader>', '/domain/os/loader'),
  before('<boot dev="hd"/>', '<nvram>/tmp/x</nvram>', '/domain/os/nvram'),
  before('<boot dev="hd"/>', '<kernel>/boot/vmlinuz</kernel>', '/domain/os/kernel'),
  before('<boot dev="hd"/>', '<initrd>/boot/initrd</initrd>', '/domain/os/initrd'),
  before('<boot dev="hd"/>', '<cmdline>init=/bin/sh</cmdline>', '/domain/os/cmdline'),
  before('<boot dev="hd"/>', '<dtb>/tmp/x</dtb>', '/domain/os/dtb'),
  before(
    '<boot dev="hd"/>',
    '<acpi><table type="slic">/etc/passwd</table></acpi>',
    '/domain/os/acpi',
  ),
  ['a strange emulator', '/usr/bin/kvm', '/bin/sh', `${DEVICES}/emulator`],
  ['a relative emulator', '/usr/bin/kvm', 'kvm', `${DEVICES}/emulator`],
  ['an emulator with options', '/usr/bin/kvm', '/usr/bin/kvm -snapshot', `${DEVICES}/emulator`],
  amongDevices('<filesystem type="mount"><source dir="/"/><target dir="x"/></filesystem>'),
  amongDevices('<hostdev mode="subsystem" type="usb"/>'),
  amongDevices('<redirdev bus="usb" type="spicevmc"/>'),
  amongDevices('<smartcard mode="host"/>'),
  amongDevices('<tpm model="tpm-tis"/>'),
  amongDevices('<vsock model="virtio"/>'),
  amongDevices('<shmem name="x"/>'),
  ...['/dev/random', '/etc/shadow', '/dev/urandom,x=y', ''].map((file) =>
    amongDevices(
      `<rng model="virtio"><backend model="random">${file}</backend></rng>`,
      `${DEVICES}/rng/backend`,
    ),
  ),
  amongDevices(
    '<rng model="virtio"><backend model="egd" type="udp"/></rng>',
    `${DEVICES}/rng/backend/@type`,
  ),
  amongDevices(
    '<rng model="virtio"><backend model="builtin">/x</backend></rng>',
    `${DEVICES}/rng/backend`,
  ),
  amongDevices('<rng model="virtio"/>'),
  amongDevices('<rng model="virtio-transitional"/>', `${DEVICES}/rng/@model`),
  amongDevices(
    '<rng model="virtio"><backend model="builtin"/></rng>'.repeat(2),
    `${DEVICES}/rng[2]`,
  ),
  amongDevices('<watchdog model="i6300esb"/>'),
  amongDevices('<channel type="unix"/>'),
  amongDevices('<console type="pty"/>'),
  amongDevices('<audio id="1" type="file"/>'),
  amongDevices('<iommu model="intel"/>'),
  inDomain('<memoryBacking><hugepages/></memoryBacking>'),
  inDomain('<seclabel type="none"/>'),
  inDomain('<sysinfo type="smbios"/>'),
  inDomain('<cputune/>'),
  inDomain('<iothreads>4</iothreads>'),
  inDomain('<title>x</title>'),
];

export const namespaces: readonly Case[] = [
  [
    'arguments of QEMU',
    '<domain type="kvm">',
    '<domain type="kvm" xmlns:qemu="http://libvirt.org/schemas/domain/qemu/1.0"><qemu:commandline><qemu:arg value="-S"/></qemu:commandline>',
    '/domain/qemu:commandline',
  ],
  [
    'overrides of QEMU',
    '<domain type="kvm">',
    '<domain type="kvm" xmlns:q="http://libvirt.org/schemas/domain/qemu/1.0"><q:override/>',
    '/domain/q:override',
  ],
  ['a default namespace', '<domain type="kvm">', '<domain type="kvm" xmlns="urn:x">', '/domain'],
  ['a disguised disk', '<video>', '<disk xmlns="urn:x"/><video>', `${DEVICES}/disk[2]`],
  [
    'a foreign attribute',
    '<video>',
    '<video xmlns:x="urn:x" x:y="z">',
    `${DEVICES}/video/@{urn:x}y`,
  ],
  inDomain('<metadata><x xmlns="urn:x"/></metadata>', '/x'),
  inDomain('<metadata><vmnetx/></metadata>', '/vmnetx'),
];
