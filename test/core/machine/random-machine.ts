import {
  INPUT_BUSES,
  INPUT_TYPES,
  INTERFACE_MODELS,
  SOUND_MODELS,
  USB_CONTROLLER_MODELS,
  VIDEO_MODELS,
} from '../../../src/core/machine/vocabulary.js';

const PC_BRIDGES = ['pci-bridge'] as const;
const Q35_BRIDGES = ['pcie-root-port', 'pcie-to-pci-bridge', 'dmi-to-pci-bridge', 'pci-bridge'];
const COMPANIONS = ['ich9-ehci1', 'ich9-uhci1', 'ich9-uhci2', 'ich9-uhci3'];

/**
 * The domain XML of a package whose machine has a few devices at places that are more or less right.
 * Most are refused; those that are not must start.
 *
 * @param random numbers in [0, 1)
 */
export function randomMachine(random: () => number): string {
  const below = (count: number): number => Math.floor(random() * count);
  const pick = <Item>(items: readonly Item[], fallback: Item): Item =>
    items[below(items.length)] ?? fallback;
  const often = (share: number): boolean => random() < share;
  const several = (most: number, make: (index: number) => string): string =>
    Array.from({ length: below(most + 1) }, (_, index) => make(index)).join('');

  const isQ35 = often(0.5);
  const bridges = below(4);

  const pci = (share = 0.6): string => {
    if (!often(share)) return '';
    const bus = often(0.6) ? 0 : below(bridges + 1);
    const slot = pick([below(32), below(4), 1, 31], 0);
    const multifunction = often(0.2) ? ` multifunction="${pick(['on', 'off'], 'on')}"` : '';
    const place = `bus="${bus}" slot="${slot}" function="${often(0.7) ? 0 : below(8)}"`;
    return `<address type="pci" ${place}${multifunction}/>`;
  };
  const usb = (): string => {
    if (!often(0.6)) return '';
    const port = [1 + below(4), ...(often(0.3) ? [1 + below(9)] : [])].join('.');
    return `<address type="usb" bus="${often(0.7) ? 0 : below(3)}" port="${port}"/>`;
  };
  const drive = (): string => {
    if (!often(0.7)) return '';
    const place = `controller="${often(0.7) ? 0 : below(3)}" bus="${often(0.7) ? 0 : 1}"`;
    return `<address type="drive" ${place} target="${often(0.7) ? 0 : below(9)}" unit="${often(0.5) ? 0 : below(9)}"/>`;
  };

  const disk = (): string => {
    const bus = pick(['ide', 'sata', 'scsi', 'usb', 'virtio'], 'virtio');
    const kind = bus === 'ide' ? 'hd' : bus === 'virtio' ? 'vd' : 'sd';
    const address = bus === 'usb' ? usb() : bus === 'virtio' ? pci() : drive();
    return (
      `<disk type="file" device="disk"><driver name="qemu" type="raw"/>` +
      `<source file="/disk.img"/><target dev="${pick([kind, kind, kind, 'sd', 'hd'], kind)}${pick(['a', 'b', 'd', 'z'], 'a')}" bus="${bus}"/>` +
      `${often(0.2) ? '<readonly/>' : ''}${often(0.2) ? '<serial>1 2</serial>' : ''}` +
      `${often(0.2) ? '<boot order="2"/>' : ''}${address}</disk>`
    );
  };
  const bridge = (index: number): string => {
    const model = pick<string>(isQ35 ? Q35_BRIDGES : PC_BRIDGES, 'pci-bridge');
    const target =
      often(0.7) || !/root-port|pci-bridge$/.test(model) || model === 'pcie-to-pci-bridge'
        ? ''
        : model === 'pci-bridge'
          ? `<target chassisNr="${1 + below(3)}"/>`
          : `<target chassis="${below(4)}" port="${below(4)}"/>`;
    return `<controller type="pci" index="${index}" model="${model}">${target}${pci()}</controller>`;
  };
  const usbController = (index: number): string => {
    if (often(0.25)) {
      return COMPANIONS.filter(() => often(0.8))
        .map((model, at) => {
          const master = at === 0 && often(0.8) ? '' : `<master startport="${2 * below(4)}"/>`;
          return `<controller type="usb" index="${index}" model="${model}">${master}${pci(0.5)}</controller>`;
        })
        .join('');
    }
    const model = often(0.2) ? '' : ` model="${pick(USB_CONTROLLER_MODELS, 'ehci')}"`;
    const ports = often(0.3) ? ` ports="${1 + below(15)}"` : '';
    return `<controller type="usb" index="${often(0.8) ? index : below(4)}"${model}${ports}>${pci(0.5)}</controller>`;
  };
  const driveController = (): string => {
    const type = pick(['ide', 'sata', 'scsi', 'fdc'], 'ide');
    return `<controller type="${type}" index="${often(0.7) ? 0 : below(4)}">${type === 'fdc' ? '' : pci()}</controller>`;
  };
  const input = (): string => {
    const bus = pick(INPUT_BUSES, 'usb');
    const address = bus === 'ps2' ? '' : bus === 'usb' ? usb() : pci();
    return `<input type="${pick(INPUT_TYPES, 'mouse')}" bus="${bus}">${address}</input>`;
  };
  const sound = (): string => {
    const model = pick(SOUND_MODELS, 'ac97');
    return `<sound model="${model}">${model === 'pcspk' ? '' : pci()}</sound>`;
  };

  const type = isQ35
    ? pick(['q35', 'pc-q35-2.4', 'pc-q35-2.12', 'pc-q35-7.2'], 'q35')
    : pick(['pc', 'pc-1.2', 'pc-i440fx-2.12', 'pc-i440fx-7.2'], 'pc');
  const [sockets, cores, threads] = [1 + below(2), 1 + below(2), 1 + below(2)];
  const vcpus = sockets * cores * threads;
  const topology = `<topology sockets="${sockets}" cores="${cores}" threads="${threads}"/>`;
  const video = `<video><model type="${pick(VIDEO_MODELS, 'vga')}"${often(0.3) ? ` vram="${1024 * (1 + below(64))}"` : ''}/>${pci(0.5)}</video>`;
  const root = `<controller type="pci" index="0" model="${isQ35 ? 'pcie-root' : 'pci-root'}"/>`;
  return (
    `<domain type="kvm"><name>machine</name><memory unit="MiB">${16 + below(64)}</memory>` +
    `<vcpu>${vcpus}</vcpu><os><type arch="${pick(['i686', 'x86_64'], 'x86_64')}" machine="${type}">hvm</type></os>` +
    `<features>${often(0.7) ? '<acpi/>' : ''}${often(0.5) ? '<apic/>' : ''}</features>` +
    (often(0.3) ? `<cpu>${topology}</cpu>` : '') +
    `<devices>${disk()}${often(0.5) ? root : ''}` +
    Array.from({ length: bridges }, (_, index) => bridge(index + 1)).join('') +
    several(2, usbController) +
    several(2, driveController) +
    several(
      2,
      () =>
        `<interface type="user"><model type="${pick(INTERFACE_MODELS, 'e1000')}"/>${pci()}</interface>`,
    ) +
    several(3, input) +
    several(2, sound) +
    (often(0.8) ? video : '') +
    several(2, () => `<serial type="null"><target port="${below(4)}"/></serial>`) +
    several(2, () => `<parallel type="null"><target port="${below(3)}"/></parallel>`) +
    several(1, () => `<hub type="usb">${usb()}</hub>`) +
    `<memballoon model="${pick(['virtio', 'none'], 'none')}"/>` +
    (often(0.3) ? `<rng model="virtio"><backend model="builtin"/>${pci()}</rng>` : '') +
    `</devices></domain>`
  );
}
