/*
 * Every word that may stand in a machine. What libvirt and QEMU know besides is left out on
 * purpose: a word that is not here is refused.
 */

export const ARCHITECTURES = ['i686', 'x86_64'] as const;
export const CPU_MATCHES = ['minimum', 'exact', 'strict'] as const;
export const CPU_FALLBACKS = ['allow', 'forbid'] as const;
export const CPU_VENDORS = ['Intel', 'AMD'] as const;
export const CPU_FEATURE_POLICIES = ['force', 'require', 'optional', 'disable', 'forbid'] as const;
export const PLATFORM_FEATURES = ['pae', 'apic', 'acpi', 'hap'] as const;
export const BOOT_DEVICES = ['hd', 'fd', 'cdrom'] as const;
export const CLOCK_OFFSETS = ['utc', 'localtime', 'timezone', 'variable'] as const;
export const LIFECYCLE_ACTIONS = ['destroy', 'restart'] as const;

export const DISK_FORMATS = ['qcow2', 'raw'] as const;
export const DISK_BUSES = ['ide', 'scsi', 'usb', 'sata', 'virtio'] as const;
/** Besides `pci`, whose controllers are of another kind. */
export const CONTROLLER_TYPES = ['fdc', 'ide', 'scsi', 'sata', 'usb'] as const;
export const USB_CONTROLLER_MODELS = [
  'piix3-uhci',
  'piix4-uhci',
  'ehci',
  'ich9-ehci1',
  'ich9-uhci1',
  'ich9-uhci2',
  'ich9-uhci3',
  'nec-xhci',
  'qemu-xhci',
] as const;

/** The two that have as many ports as they are given. */
export const XHCI_MODELS: readonly (typeof USB_CONTROLLER_MODELS)[number][] = [
  'nec-xhci',
  'qemu-xhci',
];

/** The bus that every PC has: of the chipset i440FX, and of Q35. */
export const PCI_ROOT_MODELS = ['pci-root', 'pcie-root'] as const;

/** What makes further PCI buses. */
export const PCI_BRIDGE_MODELS = [
  'pcie-root-port',
  'pcie-to-pci-bridge',
  'dmi-to-pci-bridge',
  'pci-bridge',
] as const;

/** QEMU's devices for each of them; more than one where its default has changed over time. */
export const PCI_BRIDGE_DEVICES = {
  'pcie-root-port': ['pcie-root-port', 'ioh3420'],
  'pcie-to-pci-bridge': ['pcie-pci-bridge'],
  'dmi-to-pci-bridge': ['i82801b11-bridge'],
  'pci-bridge': ['pci-bridge'],
} as const;

export const INTERFACE_MODELS = [
  'rtl8139',
  'e1000',
  'e1000e',
  'pcnet',
  'ne2k_pci',
  'i82551',
  'i82557b',
  'i82559er',
  'virtio',
] as const;
export const INPUT_TYPES = ['tablet', 'mouse', 'keyboard'] as const;
export const INPUT_BUSES = ['ps2', 'usb', 'virtio'] as const;
export const SOUND_MODELS = ['es1370', 'pcspk', 'ac97', 'ich6', 'ich9'] as const;
export const VIDEO_MODELS = ['vga', 'cirrus', 'qxl', 'virtio'] as const;
export const GRAPHICS_TYPES = ['vnc', 'spice'] as const;
export const MEMBALLOON_MODELS = ['virtio', 'none'] as const;

/** Namespace of the settings that libvirt only carries. */
export const METADATA_NAMESPACE = 'http://olivearchive.org/xmlns/vmnetx/domain-metadata';

/** What every package calls its machine and the file of its disk. */
export const STORED_NAME = 'machine';
export const STORED_DISK_PATH = '/disk.img';
