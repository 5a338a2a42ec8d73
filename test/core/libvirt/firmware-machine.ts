/** Domain XML of a machine that sits in its firmware; `devices` is put among its devices. */
export function firmwareMachine(name: string, devices = ''): string {
  return `<domain type='qemu'>
  <name>${name}</name>
  <memory unit='MiB'>32</memory>
  <os><type arch='x86_64' machine='pc'>hvm</type></os>
  <features><acpi/></features>
  <devices>
    <video><model type='vga'/></video>
    <graphics type='vnc'><listen type='none'/></graphics>
    <memballoon model='none'/>
    ${devices}
  </devices>
</domain>`;
}

/** A raw IDE disk. */
export function rawDisk(path: string): string {
  return `<disk type='file' device='disk'>
    <driver name='qemu' type='raw' error_policy='stop' rerror_policy='stop'/>
    <source file='${path}'/><target dev='hda' bus='ide'/>
  </disk>`;
}
