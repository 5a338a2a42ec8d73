import type { Check } from './check.js';
import { account } from './checks/account.js';
import { apparmor, landlock, seccomp, selinux } from './checks/confinement.js';
import { devices } from './checks/devices.js';
import { cacheFolder, runtimeFolder, stateFolder } from './checks/folders.js';
import { fuse } from './checks/fuse.js';
import { kvm } from './checks/kvm.js';
import { libvirt } from './checks/libvirt.js';
import { parts } from './checks/parts.js';
import { proxy } from './checks/proxy.js';
import { publishing } from './checks/publishing.js';
import { qemu } from './checks/qemu.js';
import { capacity, limits } from './checks/resources.js';
import { resuming } from './checks/resuming.js';
import { settings } from './checks/settings.js';
import { sound } from './checks/sound.js';
import { display, gtk, gtkVnc } from './checks/window.js';

/** All checks, in the order in which they are told. */
export const CHECKS: readonly Check[] = [
  account,
  parts,
  kvm,
  qemu,
  devices,
  libvirt,
  fuse,
  gtk,
  gtkVnc,
  display,
  sound,
  stateFolder,
  cacheFolder,
  runtimeFolder,
  settings,
  proxy,
  capacity,
  limits,
  landlock,
  seccomp,
  selinux,
  apparmor,
  resuming,
  publishing,
];
