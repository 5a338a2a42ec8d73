import type {
  ARCHITECTURES,
  BOOT_DEVICES,
  CLOCK_OFFSETS,
  CPU_FALLBACKS,
  CPU_FEATURE_POLICIES,
  CPU_MATCHES,
  CPU_VENDORS,
  DISK_BUSES,
  DISK_FORMATS,
  GRAPHICS_TYPES,
  INPUT_BUSES,
  INPUT_TYPES,
  INTERFACE_MODELS,
  LIFECYCLE_ACTIONS,
  PCI_BRIDGE_DEVICES,
  PCI_BRIDGE_MODELS,
  PCI_ROOT_MODELS,
  PLATFORM_FEATURES,
  SOUND_MODELS,
  USB_CONTROLLER_MODELS,
  VIDEO_MODELS,
} from './vocabulary.js';

type OneOf<Words extends readonly string[]> = Words[number];

/**
 * A machine as its package describes it: words from closed lists, numbers within limits, and the
 * few short texts whose characters are listed with them. Nothing of the computer that it was made
 * on, nothing of the one that it will run on.
 */
export interface Machine {
  /** Lower case with hyphens; null where the package gives none. */
  readonly uuid: string | null;
  /** For people only; never executed. */
  readonly description: string | null;
  /** The most pointer motions that the guest can take, per second; null: no limit. */
  readonly mouseRateHz: number | null;
  readonly architecture: OneOf<typeof ARCHITECTURES>;
  /** `pc`, `pc-X.Y` (until 1.3) or `pc-i440fx-X.Y`; `q35` or `pc-q35-X.Y`. */
  readonly type: string;
  /** Bytes, a multiple of 1024. */
  readonly memoryBytes: number;
  /** Bytes that the guest has at its start, at most `memoryBytes`. */
  readonly currentMemoryBytes: number;
  readonly vcpus: number;
  /** Null: the default of the hypervisor. */
  readonly cpu: Cpu | null;
  readonly features: readonly OneOf<typeof PLATFORM_FEATURES>[];
  readonly bootDevices: readonly OneOf<typeof BOOT_DEVICES>[];
  /** What the package says; executed is always local time (see generateDomain). */
  readonly clockOffset: OneOf<typeof CLOCK_OFFSETS>;
  readonly onPoweroff: LifecycleAction;
  readonly onReboot: LifecycleAction;
  readonly onCrash: LifecycleAction;
  readonly disk: Disk;
  readonly controllers: readonly Controller[];
  readonly interfaces: readonly Interface[];
  readonly inputs: readonly Input[];
  readonly sounds: readonly Sound[];
  /** What the package was made with; executed is always VNC on a private socket. */
  readonly graphics: readonly OneOf<typeof GRAPHICS_TYPES>[];
  readonly video: Video | null;
  /** Numbers of the serial ports, from 0; nothing is connected to them. */
  readonly serialPorts: readonly number[];
  readonly parallelPorts: readonly number[];
  readonly hubs: readonly Hub[];
  /** Null: the guest has none. */
  readonly memballoon: Memballoon | null;
  /** Random numbers for the guest, from the program that runs it; null: the guest has none. */
  readonly rng: Rng | null;
}

export type LifecycleAction = OneOf<typeof LIFECYCLE_ACTIONS>;
export type DiskFormat = OneOf<typeof DISK_FORMATS>;

export interface Cpu {
  /** Null: the hypervisor's default model, with the topology below. */
  readonly model: CpuModel | null;
  readonly topology: CpuTopology | null;
  readonly numaCells: readonly NumaCell[];
}

export interface CpuModel {
  readonly match: OneOf<typeof CPU_MATCHES>;
  /** Letters, digits, `-`, `_` and `.`; libvirt knows which exist. */
  readonly name: string;
  readonly fallback: OneOf<typeof CPU_FALLBACKS>;
  readonly vendor: OneOf<typeof CPU_VENDORS> | null;
  readonly features: readonly CpuFeature[];
}

export interface CpuFeature {
  readonly name: string;
  readonly policy: OneOf<typeof CPU_FEATURE_POLICIES>;
}

/** The product of the three is the number of virtual CPUs. */
export interface CpuTopology {
  readonly sockets: number;
  readonly cores: number;
  readonly threads: number;
}

/** All cells together have each virtual CPU once, and exactly the machine's memory. */
export interface NumaCell {
  /** Ascending. */
  readonly cpus: readonly number[];
  readonly memoryBytes: number;
}

/** A place on the PCI root, which is bus 0, or on the bus of a bridge. */
export interface PciAddress {
  /** Index of the controller whose bus it is. */
  readonly bus: number;
  readonly slot: number;
  readonly function: number;
  /** Null where nothing is said. */
  readonly multifunction: boolean | null;
}

export interface DriveAddress {
  readonly controller: number;
  readonly bus: number;
  readonly target: number;
  readonly unit: number;
}

export interface UsbAddress {
  readonly bus: number;
  /** Port of the root hub, then of the hub there, and so on. */
  readonly port: readonly number[];
}

export interface Disk {
  readonly format: DiskFormat;
  /** `hda` to `hdd`, `sda` to `sdz`, `vda` to `vdz`. */
  readonly target: string;
  /** Letters, digits, blanks, `_`, `.`, `+` and `-`. */
  readonly serial: string | null;
  readonly readonly: boolean;
  readonly bootOrder: number | null;
  readonly place: DiskPlace;
}

export type DiskPlace =
  | { readonly bus: 'usb'; readonly address: UsbAddress | null }
  | { readonly bus: 'virtio'; readonly address: PciAddress | null }
  | {
      readonly bus: Exclude<OneOf<typeof DISK_BUSES>, 'usb' | 'virtio'>;
      readonly address: DriveAddress | null;
    };

export type Controller =
  | { readonly type: 'pci'; readonly index: 0; readonly model: OneOf<typeof PCI_ROOT_MODELS> }
  | PciBridge
  | { readonly type: 'fdc'; readonly index: number }
  | {
      readonly type: 'ide' | 'sata' | 'scsi';
      readonly index: number;
      readonly address: PciAddress | null;
    }
  | {
      readonly type: 'usb';
      readonly index: number;
      readonly model: OneOf<typeof USB_CONTROLLER_MODELS> | null;
      /** First port of the master controller that this companion serves. */
      readonly masterStartPort: number | null;
      /** Of an xHCI controller; null: the hypervisor's default. */
      readonly ports: number | null;
      readonly address: PciAddress | null;
    };

/** A port or bridge with a PCI bus behind it. */
export interface PciBridge {
  readonly type: 'pci';
  readonly model: OneOf<typeof PCI_BRIDGE_MODELS>;
  /** Number of the bus behind it. */
  readonly index: number;
  /** Null: the hypervisor's default. */
  readonly device: OneOf<(typeof PCI_BRIDGE_DEVICES)[OneOf<typeof PCI_BRIDGE_MODELS>]> | null;
  /** Only of a root port and of a PCI bridge; null: the hypervisor's choice. */
  readonly chassis: number | null;
  /** Only of a root port. */
  readonly port: number | null;
  readonly address: PciAddress | null;
}

export interface Interface {
  /** Six octets in lower case, `52:54:00:12:34:56`; null: a new one at every start. */
  readonly mac: string | null;
  readonly model: OneOf<typeof INTERFACE_MODELS>;
  readonly address: PciAddress | null;
}

export type Input =
  | {
      readonly type: OneOf<typeof INPUT_TYPES>;
      readonly bus: Exclude<OneOf<typeof INPUT_BUSES>, 'virtio'>;
      readonly address: UsbAddress | null;
    }
  | {
      readonly type: OneOf<typeof INPUT_TYPES>;
      readonly bus: 'virtio';
      readonly address: PciAddress | null;
    };

export interface Sound {
  readonly model: OneOf<typeof SOUND_MODELS>;
  readonly address: PciAddress | null;
}

export interface Video {
  readonly model: OneOf<typeof VIDEO_MODELS>;
  /** KiB; null: the hypervisor's default. */
  readonly vramKib: number | null;
  /** KiB, QXL only: its primary bar, and the part of it that is the frame buffer. */
  readonly ramKib: number | null;
  readonly vgamemKib: number | null;
  readonly heads: number | null;
  readonly address: PciAddress | null;
}

export interface Hub {
  readonly address: UsbAddress | null;
}

export interface Memballoon {
  readonly address: PciAddress | null;
}

export interface Rng {
  readonly address: PciAddress | null;
}
