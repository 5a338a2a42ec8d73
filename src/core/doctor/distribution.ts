import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Distributions whose packages are known here by name, with their relatives. */
export type Distribution = 'debian' | 'fedora' | 'arch' | 'suse' | 'other';

/** What may have to be installed. */
export type Part = keyof typeof PACKAGES;

const INSTALLERS = {
  debian: 'sudo apt install',
  fedora: 'sudo dnf install',
  arch: 'sudo pacman -S',
  suse: 'sudo zypper install',
} as const;

const PACKAGES = {
  fuse: { debian: 'fuse3', fedora: 'fuse3', arch: 'fuse3', suse: 'fuse3' },
  libvirt: {
    debian: 'libvirt-daemon libvirt-daemon-driver-qemu',
    fedora: 'libvirt-daemon-driver-qemu',
    arch: 'libvirt',
    suse: 'libvirt-daemon-qemu',
  },
  qemu: {
    debian: 'qemu-system-x86',
    fedora: 'qemu-system-x86',
    arch: 'qemu-desktop',
    suse: 'qemu-x86',
  },
  'qemu-img': {
    debian: 'qemu-utils',
    fedora: 'qemu-img',
    arch: 'qemu-img',
    suse: 'qemu-tools',
  },
  gtk: {
    debian: 'gir1.2-gtk-3.0',
    fedora: 'gtk3',
    arch: 'gtk3',
    suse: 'typelib-1_0-Gtk-3_0',
  },
  'gtk-vnc': {
    debian: 'gir1.2-gtk-vnc-2.0',
    fedora: 'gtk-vnc2',
    arch: 'gtk-vnc',
    suse: 'typelib-1_0-GtkVnc-2_0',
  },
  gzip: { debian: 'gzip', fedora: 'gzip', arch: 'gzip', suse: 'gzip' },
  bzip2: { debian: 'bzip2', fedora: 'bzip2', arch: 'bzip2', suse: 'bzip2' },
  xz: { debian: 'xz-utils', fedora: 'xz', arch: 'xz', suse: 'xz' },
  lzop: { debian: 'lzop', fedora: 'lzop', arch: 'lzop', suse: 'lzop' },
  zstd: { debian: 'zstd', fedora: 'zstd', arch: 'zstd', suse: 'zstd' },
} as const satisfies Record<string, Record<keyof typeof INSTALLERS, string>>;

/** The identifiers of os-release(5) by which a distribution or a relative names itself. */
const IDENTIFIERS: ReadonlyMap<string, keyof typeof INSTALLERS> = new Map([
  ['debian', 'debian'],
  ['ubuntu', 'debian'],
  ['fedora', 'fedora'],
  ['rhel', 'fedora'],
  ['arch', 'arch'],
  ['suse', 'suse'],
  ['opensuse', 'suse'],
]);

/** Which distribution this is, or is like. @param root where the system's files are */
export async function readDistribution(root: string): Promise<Distribution> {
  const text = await readFile(join(root, 'etc/os-release'), 'utf8').catch(() => '');
  const valueOf = (name: string) =>
    new RegExp(`^${name}=["']?([^"'\n]*)`, 'm').exec(text)?.[1]?.split(' ') ?? [];
  for (const identifier of [...valueOf('ID'), ...valueOf('ID_LIKE')]) {
    const known = IDENTIFIERS.get(identifier);
    if (known !== undefined) return known;
  }
  return 'other';
}

/** How to install parts, as a sentence. */
export function installAdvice(distribution: Distribution, ...parts: readonly Part[]): string {
  const known = distribution === 'other' ? 'debian' : distribution;
  const packages = parts.map((part) => PACKAGES[part][known]).join(' ');
  if (distribution !== 'other') return `Install it: ${INSTALLERS[distribution]} ${packages}`;
  const those = parts.length === 1 ? 'the package is' : 'the packages are';
  return `Install it with your distribution’s tools (on Debian ${those} ${packages}).`;
}
