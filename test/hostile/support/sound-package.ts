import { storedZip, type ZipMember } from '../../support/stored-zip.js';

/** What stands in a machine package besides its directory. */
export interface PackageParts {
  readonly manifest: string | Buffer;
  readonly domain: string | Buffer;
  readonly disk: Buffer;
}

/** A machine to which nobody can object: every attack changes it in one place. */
export const SOUND: PackageParts = {
  manifest: `<image xmlns="http://olivearchive.org/xmlns/vmnetx/package" name="A machine">
  <domain path="domain.xml"/><disk path="disk.img"/>
</image>`,
  domain: domainOf('raw'),
  disk: Buffer.alloc(64 * 1024, 'disk'),
};

/** The domain of the sound machine. */
export function domainOf(diskFormat: 'raw' | 'qcow2'): string {
  return `<domain type="kvm">
  <name>machine</name>
  <memory>65536</memory>
  <os><type arch="x86_64" machine="pc">hvm</type></os>
  <devices>
    <disk type="file">
      <driver type="${diskFormat}"/><source file="/disk.img"/><target dev="hda"/>
    </disk>
  </devices>
</domain>
`;
}

/** The sound package, with other parts in place of some, and with more members behind them. */
export function packageOf(
  changed: Partial<PackageParts> = {},
  ...more: readonly ZipMember[]
): Buffer {
  const { manifest, domain, disk } = { ...SOUND, ...changed };
  return storedZip([
    { name: 'vmnetx-package.xml', data: manifest },
    { name: 'domain.xml', data: domain },
    { name: 'disk.img', data: disk },
    ...more,
  ]);
}
