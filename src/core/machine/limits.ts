/** What a domain XML may cost to read: the original's have about 4 KiB and 60 elements. */
export const XML_LIMITS = { maxBytes: 256 * 1024, maxDepth: 12, maxElements: 2000 } as const;

/** An inclusive range of whole numbers. */
export interface Bounds {
  readonly min: number;
  readonly max: number;
}

const MIB = 1024 ** 2;
const TIB = 1024 ** 4;

/**
 * Bytes of memory. Firmware needs the first MiB; no computer that somebody clicks links on has a
 * TiB. What this host can give is asked later, by whoever starts the machine.
 */
export const MEMORY_BYTES: Bounds = { min: MIB, max: TIB };

/** Virtual CPUs: far more than the packages that exist use, far fewer than exhaust a host. */
export const VCPUS: Bounds = { min: 1, max: 64 };

/** NUMA cells: a cell has at least one virtual CPU, and more than this is no desktop machine. */
export const MAX_NUMA_CELLS = 8;

/** CPU features that one machine names; libvirt's whole table has about 400. */
export const MAX_CPU_FEATURES = 400;

/** Motions of the pointer per second; beyond 1000 a limit limits nothing. */
export const MOUSE_RATE_HZ: Bounds = { min: 1, max: 1000 };

/** Characters of the description, which only people read. */
export const MAX_DESCRIPTION_LENGTH = 4096;

/** Characters of a file name; the kernel's PATH_MAX counts the final NUL. */
export const MAX_PATH_LENGTH = 4095;

/** Characters of a machine's name in a publisher's own domain XML. */
export const MAX_NAME_LENGTH = 255;

/** Characters of a disk's serial number: SCSI's page 80h in QEMU takes 36. */
export const MAX_SERIAL_LENGTH = 36;

/** Place in the firmware's boot order; one disk needs no more. */
export const BOOT_ORDER: Bounds = { min: 1, max: 16 };

/** PCI buses besides the root: virt-manager makes 14 for a machine that has room to grow. */
export const PCI_BUS: Bounds = { min: 1, max: 31 };

/** A slot of a PCI bus. Slot 0 of the root is the host bridge; libvirt would read it as "choose one". */
export const PCI_SLOT: Bounds = { min: 0, max: 31 };
export const PCI_ROOT_SLOT: Bounds = { min: 1, max: 31 };
export const PCI_FUNCTION: Bounds = { min: 0, max: 7 };

/** Numbers by which a guest tells ports and bridges apart: a byte. */
export const PCI_CHASSIS: Bounds = { min: 0, max: 255 };
export const PCI_BRIDGE_CHASSIS: Bounds = { min: 1, max: 255 };
export const PCI_PORT: Bounds = { min: 0, max: 255 };

/** Numbers of controllers of one kind; each costs a PCI slot or function. */
export const CONTROLLER_INDEX: Bounds = { min: 0, max: 15 };

/** Where there is only one. */
export const ONLY_FIRST: Bounds = { min: 0, max: 0 };

/**
 * Places on a drive controller: a PC's one of IDE has two channels with two disks, one of SATA six
 * ports, the LSI Logic's SCSI bus eight units.
 */
export const DRIVE_PLACES = {
  ide: { controller: ONLY_FIRST, bus: { min: 0, max: 1 }, unit: { min: 0, max: 1 } },
  sata: { controller: CONTROLLER_INDEX, bus: ONLY_FIRST, unit: { min: 0, max: 5 } },
  scsi: { controller: CONTROLLER_INDEX, bus: ONLY_FIRST, unit: { min: 0, max: 7 } },
} as const satisfies Readonly<Record<string, Readonly<Record<string, Bounds>>>>;

/** Ports of a USB hub, and how many hubs deep libvirt's own schema goes. */
export const USB_PORT: Bounds = { min: 1, max: 255 };
export const MAX_USB_DEPTH = 4;

/** Ports of a USB controller that is not told another number, and of a hub. */
export const USB_PORTS = {
  'piix3-uhci': 2,
  'piix4-uhci': 2,
  ehci: 6,
  'ich9-ehci1': 6,
  'ich9-uhci1': 2,
  'ich9-uhci2': 2,
  'ich9-uhci3': 2,
  'nec-xhci': 4,
  'qemu-xhci': 4,
} as const;
export const USB_HUB_PORTS = 8;
export const USB_MASTER_START_PORT: Bounds = { min: 0, max: 4 };

/** Ports of an xHCI controller, of USB 2 and as many of USB 3: QEMU has room for 15. */
export const XHCI_PORTS: Bounds = { min: 1, max: 15 };

/** What `ports` and `vectors` of another controller may say; none accepted here uses them. */
export const CONTROLLER_PORTS: Bounds = { min: 0, max: 255 };

/** Devices of one kind beyond the disk: the PCI root has 31 slots, and so many further buses. */
export const MAX_DEVICES_OF_A_KIND = 31;

/** Network interfaces: each starts a user-mode network stack of its own in QEMU. */
export const MAX_INTERFACES = 8;

/** Ports of the PC's ISA bus: QEMU refuses a fifth serial and a fourth parallel one. */
export const SERIAL_PORT: Bounds = { min: 0, max: 3 };
export const PARALLEL_PORT: Bounds = { min: 0, max: 2 };

/** KiB of video memory: a resolution of 1990 to QEMU's largest sensible frame buffer. */
export const VIDEO_KIB: Bounds = { min: 1024, max: 256 * 1024 };

/** Screens of the cards that have more than one. */
export const SCREENS: Bounds = { min: 1, max: 4 };
